"""The nouns of the tool: an App and everything that is known about it.

Small frozen values and pure functions on them. Nothing here reads a file, a clock, a socket or an environment.
The words are those of docs/glossary.md.
"""
