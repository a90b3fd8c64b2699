"""Words that name a group of people: what the masked demo model is not allowed to read."""

from __future__ import annotations

from typing import Final

IDENTITY_WORDS: Final = tuple(
    """
    woman women womans womens female females girl girls lady ladies wife wives girlfriend girlfriends mother mothers
    mom moms mum mums sister sisters daughter daughters she her hers herself feminist feminists
    man men male males guy guys boy boys husband boyfriend father dad brother son he him his himself
    black blacks african africans afro negro negroes nigga niggas nigger niggers colored coloured
    white whites caucasian caucasians asian asians hispanic hispanics latino latinos latina latinas
    gay gays lesbian lesbians bisexual bisexuals homosexual homosexuals transgender transgenders trans queer queers
    lgbt lgbtq lgbtqia fag fags faggot faggots dyke dykes tranny trannies straight heterosexual heterosexuals
    jew jews jewish judaism zionist zionists israeli israelis israel semite semites kike kikes
    muslim muslims islam islamic islamist islamists moslem moslems arab arabs arabic arabian quran koran allah sharia
    christian christians christianity catholic catholics hindu hindus buddhist buddhists atheist atheists
    """.split()
)
"""In English, lower case; slurs and pronouns are among them, since they give a group away."""
