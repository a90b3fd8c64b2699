"""The sections of the page on which an audit is put together."""
