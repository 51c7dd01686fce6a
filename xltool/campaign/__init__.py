"""One year's collection: roster, handing out, taking back, checking, returning, accepting, adding up."""
