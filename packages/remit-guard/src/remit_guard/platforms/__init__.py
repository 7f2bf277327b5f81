"""Entry points: where the platform's way of calling a function meets the guard."""
