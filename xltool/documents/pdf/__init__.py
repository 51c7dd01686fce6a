"""PDF pages, which know only characters and strokes at places, as paragraphs and tables."""
