"""Watch: signals in, incidents out, one page that is calm when nothing is wrong.

::

    parse ──▶ store ──▶ incidents ──▶ story            decide: values in, values out
      ▲                    │
    collect, tail          ▼                           the rim: sockets, files, clock
      HTTP, logs         live ──▶ web

A signal that was stored is never lost to the page being slow, and a page never grows with the number of signals: it
shows aggregates. Whoever can write to a log or to the port can write signals, so everything in a signal is treated as
text written by a stranger.
"""
