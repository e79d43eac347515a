"""How long the commands take on large repositories, beside the loop that they replace; see `__main__`."""
