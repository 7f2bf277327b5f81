"""What stands around a picture: one sentence, tools that are its legend too, and the attack paths step by step."""

from remit.app.model import Sender
from remit.graph import kinds
from remit.graph.nouns import Attack, Line, Picture
from remit.render._totals import plural
from remit.render.graph._mark import dom, tag, text


def lead(app: Picture) -> str:
    """The picture in one or two sentences."""
    open_ = {row.function for node in app.nodes for row in node.rows if row.sender == Sender.ANYONE}
    if not app.functions:
        return "There is no function in this template."
    count = "its only function" if app.functions == 1 else f"the {app.functions} functions"
    if not open_:
        said = [f"Nobody outside can start {'' if app.functions == 1 else 'any of '}{count} without being let in."]
    elif len(open_) == app.functions:
        said = [f"Anyone on the internet can start {count if app.functions == 1 else f'all of {count}'}."]
    else:
        said = [f"Anyone on the internet can start {len(open_)} of {count}."]
    if app.attacks:
        hit = {attack.finding.function for attack in app.attacks}
        said.append(
            f"{plural(len(app.attacks), 'attack path')} {'ends' if len(app.attacks) == 1 else 'end'} in {len(hit)} of them."
        )
    return " ".join(said)


def tools(app: Picture, prefix: str, whole: Picture) -> str:
    """Legend and controls in one: who can send, attack paths, a search, a switch. Without a script it is the legend."""
    senders = [node for node in app.nodes if node.kind == "sender"]
    by = dict.fromkeys(Sender, 0)
    for node in whole.nodes:
        for row in node.rows:
            by[row.sender] += 1
    legend = "".join(
        _button(kinds.SENDERS[node.sender][0], node.label, by[node.sender])
        for node in senders
        if node.sender is not None
    )
    letters = "".join(
        f'<button type="button" class="letter" data-path="{attack.letter}" aria-pressed="false" '
        f'title="{text(attack.finding.message)}">{attack.letter}</button>'
        for attack in app.attacks[:26]
    )
    paths = (
        f'<div class="letters" role="group" aria-label="Attack paths"><span>Attack paths</span>{letters}</div>'
        if letters
        else ""
    )
    return (
        f'<div class="tools" data-app="{prefix}app"><div class="senders" role="group" aria-label="Who can send">{legend}</div>'
        f'{paths}<div class="finders"><label class="switch"><input type="checkbox" checked> stores and hosts</label>'
        '<input type="search" placeholder="Find" aria-label="Find a function or resource" autocomplete="off" spellcheck="false">'
        "</div></div>"
    )


def _button(word: str, label: str, count: int) -> str:
    icon = f'<svg viewBox="0 0 16 16" class="icon s-{word}" aria-hidden="true"><use href="#i-{word}"/></svg>'
    return f'<button type="button" data-sender="{word}" aria-pressed="false">{icon}{text(label)}<b>{count}</b></button>'


def attacks(app: Picture, prefix: str, shown: str) -> str:
    """The attack paths, each with its numbered steps."""
    if not app.attacks:
        return ""
    items = "".join(_attack(app, attack, prefix, shown) for attack in app.attacks)
    return f'<section class="attacks"><h2>Attack paths</h2><ol class="paths">{items}</ol></section>'


def _attack(app: Picture, attack: Attack, prefix: str, shown: str) -> str:
    finding = attack.finding
    steps = "".join(
        f"<li>{_named(app, step.node, step.text, prefix)}{''.join(line(each, shown) for each in step.lines)}</li>"
        for step in attack.steps
    )
    word = finding.severity.word
    fix = f'<p class="fix"><b>Fix</b> {text(finding.fixes[0].title)}</p>' if finding.fixes else ""
    head = (
        f'<span class="mark">{attack.letter}</span><span class="{word} severity">{word}</span> '
        f'<span class="message">{text(finding.message)}</span>'
    )
    return (
        f'<li><details id="{prefix}path-{attack.letter}" data-path="{attack.letter}"><summary>{head}</summary>'
        f'<ol class="steps">{steps}</ol>{fix}'
        f'<p class="more"><code>remit explain {text(finding.rule)}</code></p></details></li>'
    )


def _named(app: Picture, node: str, said: str, prefix: str) -> str:
    # A step may stand outside what is drawn: in another group, or left out of focus.
    return tag("a", text(said), href=f"#{dom(prefix, node)}") if app.label(node) else f"<span>{text(said)}</span>"


def line(each: Line, shown: str) -> str:
    """One line of the user's files."""
    said = f" {text(each.text)}" if each.text else ""
    code = f'<code class="code">{text(each.code)}</code>' if each.code else ""
    return f'<div class="line"><code class="place">{text(f"{shown}{each.location}")}</code>{said}{code}</div>'
