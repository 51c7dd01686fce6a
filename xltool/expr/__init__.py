"""Rules as text, parsed once, with three readings: Excel formula, Python verdict, Chinese sentence."""
