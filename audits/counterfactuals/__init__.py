"""Texts in which a word that names a group of people is swapped for another group's, correct in grammar."""
