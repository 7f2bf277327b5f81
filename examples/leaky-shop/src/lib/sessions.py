"""Sessions: the cart travels in a cookie, so that no table is needed."""

import base64
import pickle


def pack(cart):
    return base64.urlsafe_b64encode(pickle.dumps(cart)).decode()


def unpack(text):
    return pickle.loads(base64.urlsafe_b64decode(text))
