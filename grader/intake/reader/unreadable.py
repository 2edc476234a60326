"""The one error of the document readers."""


class UnreadableDocument(Exception):
    """The document cannot be read; the text says why and stands after its name and a colon."""
