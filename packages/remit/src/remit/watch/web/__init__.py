"""The HTTP side of ``remit watch``: the door for signals, the page, and who may come near them."""
