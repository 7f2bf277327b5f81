"""Small drawings of our own, one for each kind of thing: 16 by 16, lines only, so that colour is never needed."""

#: Kind -> path data.
PATHS = {
    "anyone": "M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4M1.8 8h12.4M8 1.8c-4 4-4 8.4 0 12.4c4-4 4-8.4 0-12.4",
    "signed-in": "M8 2.2a2.7 2.7 0 1 0 0 5.4a2.7 2.7 0 1 0 0-5.4M2.8 14c.4-3.2 2.4-4.6 5.2-4.6s4.8 1.4 5.2 4.6",
    "other-account": "M2.5 14V4.5l5-2.3v11.8M7.5 7h6v7M1.5 14h13M5 6.5v0M5 9.5v0M10.5 10v0",
    "account": "M2.5 5h11v8.5h-11zM5.5 5V3h5v2M2.5 9h11",
    "app": "M3 3h4v4H3zM9 9h4v4H9zM7 5h4v4",
    "platform": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 4.8V8l2.4 1.8",
    "function": "M4 2.5h2.2L11.5 13.5M7.3 6.2L4 13.5",
    "api": "M6 3C4.2 3 4.8 7 3 8c1.8 1 1.2 5 3 5M10 3c1.8 0 1.2 4 3 5c-1.8 1-1.2 5-3 5",
    "table": "M2.5 3h11v10h-11zM2.5 6.4h11M2.5 9.7h11M6.5 6.4V13",
    "bucket": "M2.8 4l1.4 9.5h7.6L13.2 4M2.8 4c0 2 10.4 2 10.4 0s-10.4-2-10.4 0",
    "queue": "M1.5 5h13v6h-13zM5 5v6M8.3 5v6M11.5 5v6",
    "topic": "M3 8h5M8 8l5-4.5M8 8h5.5M8 8l5 4.5M3 8m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0",
    "stream": "M1.5 5c2-2 4 2 6.5 0s4.5 2 6.5 0M1.5 8.5c2-2 4 2 6.5 0s4.5 2 6.5 0M1.5 12c2-2 4 2 6.5 0s4.5 2 6.5 0",
    "bus": "M1.5 8h13M4.5 8V4M8 8v4M11.5 8V4M4.5 2.5v1M8 12.5v1M11.5 2.5v1",
    "pipe": "M2 5h4v6H2zM10 5h4v6h-4zM6 8h4",
    "clock": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 4.8V8l2.4 1.8",
    "secret": "M3.5 7h9v6.5h-9zM5.5 7V4.8c0-3.4 5-3.4 5 0V7M8 9.5v1.8",
    "parameter": "M2.5 4.5h11M2.5 8h11M2.5 11.5h11M5 3v3M10.5 6.5v3M6.5 10v3",
    "key": "M5 8.5a2.5 2.5 0 1 0 0-.1M7.5 8.4h6.5M11 8.4v2.6M13.5 8.4v2",
    "database": "M2.8 4v8c0 2.2 10.4 2.2 10.4 0V4M2.8 4c0 2.2 10.4 2.2 10.4 0s-10.4-2.2-10.4 0M2.8 8c0 2.2 10.4 2.2 10.4 0",
    "files": "M4 2h5.5L12.5 5v9H4zM9.5 2v3h3",
    "users": "M6 3a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 1 0 0-4.4M1.8 13.5c.3-2.8 1.9-4 4.2-4s3.9 1.2 4.2 4"
    "M10.5 3.3a2.2 2.2 0 0 1 0 4M12 9.8c1.4.6 2.1 1.8 2.3 3.7",
    "workflow": "M5.5 2h5v3.5h-5zM1.5 10.5h5V14h-5zM9.5 10.5h5V14h-5zM8 5.5V8M4 10.5V8h8v2.5",
    "host": "M4.5 12.5a3 3 0 0 1-.3-6a4 4 0 0 1 7.6.2a2.9 2.9 0 0 1 .2 5.8z",
    "service": "M8 1.8l5.4 3.1v6.2L8 14.2l-5.4-3.1V4.9zM8 8l5.4-3.1M8 8v6.2M8 8L2.6 4.9",
    "resource": "M8 1.8l5.4 3.1v6.2L8 14.2l-5.4-3.1V4.9z",
    "door": "M4 14V2h8v12M2.5 14h11M9.8 8v.5",
    "group": "M4.5 4.5h9v9h-9zM2 11V2h9",
}
#: How far a role gets: filled more the further.
LEVELS = {
    -1: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M6.2 6.3c.2-2.3 3.8-2.1 3.6.1c0 1.3-1.8 1.3-1.8 2.6M8 11.3v.2",
    0: "M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10",
    1: "M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10M8 7a1 1 0 1 0 0 2a1 1 0 1 0 0-2",
    2: "M8 2.5L13.5 8L8 13.5L2.5 8z",
    3: "M8 2.5L13.5 8L8 13.5L2.5 8zM8 6.5v2M8 10v.2",
    4: "M8 2.5L14.2 13.5H1.8zM8 6.5v3.2M8 11.5v.2",
    5: "M8 2.5L14.2 13.5H1.8zM8 6.5v3.2M8 11.5v.2",
}


def symbols() -> str:
    """All drawings as SVG symbols."""
    parts = [
        f'<symbol id="i-{name}" viewBox="0 0 16 16"><path d="{path}"/></symbol>'
        for name, path in (*PATHS.items(), *((f"level{level}", path) for level, path in LEVELS.items()))
    ]
    return "".join(parts)
