"""The pages, one file each; `render()` draws it."""
