"""Structures in a value that ordinary values do not have, each with a name: what makes a score explainable.

Each check asks what a parser of one language would do with the value: continue a literal, climb out of a folder, talk to an
address inside, make an object. All are linear; they run only for values that are not plain.
"""

import re
from binascii import a2b_base64

from remit_guard.sinks import addresses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_HOST = re.compile(
    r"\b([a-z][a-z0-9+.-]{1,19}):[/\\]*([^/?#\\\s\"'<>()]{1,255})|(?<![:/\\])[/\\]{2,}([^/?#\\\s\"'<>()]{1,255})"
)
_HOSTLIKE = re.compile(
    r"(?:\S{0,64}@)?((?=[\d.\[\]a-fx:]*[.:])[0-9a-fx.\[\]:]{3,64}|localhost\d?|[\w-]+(?:\.[\w-]+)+|ip6-\w+)(?::\d{1,5})?(?:/\S*)?\Z"
)
_ODD_SCHEMES = frozenset(
    ("gopher", "dict", "file", "ftp", "tftp", "ldap", "ldaps", "jar", "netdoc", "phar", "expect", "php", "data", "glob",
     "zlib", "ogg", "rar", "ssh2", "sftp", "smb", "rmi", "jndi", "dns", "iiop", "corba", "nis", "nds", "unix", "local_file")
)  # fmt: skip
_SYSTEM = re.compile(
    r"(?:\A|[\s=:;|&\"'`(<>,/\\])[/\\](?:etc|proc|sys|dev|var|usr|bin|sbin|root|boot|opt|tmp|home|lib|mnt|windows|winnt|inetpub|"
    r"apache2?|php|xampp|wamp|logs?|mysql|program files[^/\\]{0,8}|users|private|system32|library|volumes|run|srv|"
    r"web-inf|meta-inf)[/\\]"
)
_DRIVE = re.compile(r"(?:\A|[^a-z])[a-z]:[/\\]+\w")
_SENSITIVE = re.compile(
    r"(?:(?<![\w.-])|(?<=[a-z]%00))(?:passwd|shadow|boot\.ini|win\.ini|system\.ini|hosts|\.htaccess|\.htpasswd|web\.config|id_rsa|authorized_keys|\.ssh|"
    r"\.aws|\.env|\.git|environ|cmdline|php\.ini|my\.cnf|httpd\.conf|access[._]log|error[._]log|\.bash_history|web\.xml|"
    r"hostname|crontab|sudoers|issue|motd|fstab|resolv\.conf|wp-config|nginx\.conf|\.bashrc|\.mysql_history)\b"
)
_DOTS = re.compile(
    r"(?<![./\\])[./\\]*+(?<=\.[/\\][./\\][./\\][./\\])|\.\.(?:2f|5c)|(?:\A|[/\\])\.{2,}(?:\{|\w)|\.{8,}|\.{2,}[^\w\s]{0,3}[/\\]|[/\\][^\w\s]{0,2}\.{2,}(?:[/\\]|\Z)|\A\.{2,}\Z|\.\.[/\\]|\.\.;/|\.(?:%00)?\.[/\\]"
)
_SQL_TAIL = re.compile(
    r"['\"`)][\s)]*+(?:/\*.{0,64}?\*/|[\s(])*+(?:and|or|xor|union|having|order|group|limit|where|like|in|is|not|between|"
    r"rlike|regexp|div|mod|select|into|procedure|as|when|end|if|waitfor|sounds|collate|\|\||&&|;|--|#|\^|\*|=|<|>|!=|%|\+|-)(?![a-z])",
    re.DOTALL,
)
_SQL_NUMBER = re.compile(
    r"\A\s*\(*-?(?:\d+|0x[0-9a-f]+|null|true|false|@@?\w+)[\s)]*+(?:/\*.{0,64}?\*/|[\s(])*+"
    r"(?:and|or|xor|union|having|order\s+by|group\s+by|limit|procedure|div|mod|like|rlike|regexp|between|is|in|\|\||&&|;\s*[a-z]+|--|#|/\*|%|\^|=)",
    re.DOTALL,
)
_SQL_PHRASE = re.compile(
    r"\bunion\b\W{1,64}(?:all\b|distinct\b)?\W{0,64}select\b|\bselect\b[^;]{1,512}\bfrom\b|\(\s*select\b|\bselect\s*(?:\(|@@|0x|\d+\s*,|char|null)"
    r"|\border\s+by\s+\d|\binto\s+(?:out|dump)file\b|\bwaitfor\b\W{1,8}\bdelay\b|\b(?:sleep|benchmark|pg_sleep|extractvalue|updatexml|"
    r"load_file|dbms_\w+|utl_\w+|xp_\w+|char|chr|ascii|substring|concat|elt|make_set|floor|rand|md5)\s*\(|\binformation_schema\b|"
    r"\bdrop\s+(?:table|database)\b|\binsert\s+into\b|\bdelete\s+from\b|\bupdate\s+\w+\s+set\b|\bexec(?:ute)?\s+(?:xp_|sp_|master)|"
    r"\bcase\b.{1,128}\bwhen\b|\bcast\s*\(|\bconvert\s*\("
)
_SHELL = re.compile(
    r"(?:\A|[;|&\n`]|\$\(|&&|\|\||[<>]\()\s*(?:/[\w./?*\[\]-]{2,64}/)?[\\'\"]?(?:cat|ls|id|whoami|uname|wget|curl|nc|ncat|netcat|bash|sh|dash|zsh|ksh|"
    r"ping|sleep|echo|printf|nslookup|dig|host|env|ps|rm|cp|mv|chmod|chown|python\d?|perl|ruby|php|node|dir|type|net|ipconfig|ifconfig|"
    r"powershell|pwsh|cmd|reg|tasklist|ver|set|awk|sed|grep|find|head|tail|more|less|touch|kill|eval|exec|source|tar|base64|xxd|tee|"
    r"socat|telnet|ftp|tftp|mail|which|sudo|su|systemctl|service|crontab|netstat|df|mount|lsof|dd|export|shutdown|reboot|phpinfo|system|"
    r"certutil|bitsadmin|mshta|regsvr32|rundll32|wmic|vol|pwd|hostname|del|copy|getent|who|w|last|history|busybox|openssl|ssh|scp|git|npm|pip)"
    r"(?![\w-])"
)
_SUBSTITUTION = re.compile(
    r"\$\([^)]{1,256}\)|`[^`]{1,256}`|\$\{?ifs\b|\(\)\s*\{|/dev/(?:tcp|udp)/|<\(|>\(|\d?>&\d|\{[\w./-]+,[\w./,-]+\}|/(?:usr/)?s?bin/|/\?{2,}|\$@|\$\*"
)
_TAG = re.compile(
    r"<\s*/?\s*(?:script|svg|img|iframe|object|embed|body|style|link|meta|base|form|input|button|video|audio|marquee|isindex|frame|applet|details|math|xss|bgsound|layer|x|a\s|div\s|table\s)[\s/>:]?"
)
_HANDLER = re.compile(
    r"[\s\"'/<+;`]on[a-z]{3,24}\s*=|(?:java|vb|live)\s*script\s*:|data\s*:\s*text/html|\bsrcdoc\s*=|formaction\s*=|expression\s*\(|-moz-binding|@import|\bfscommand\b|<!\[cdata\[|xlink:href"
)
_JS = re.compile(
    r"(?<![.\w/-])(?:alert|prompt|confirm|eval|settimeout|setinterval|atob|fetch|constructor|document|window|location|string\.fromcharcode|fromcharcode|console)\b\s*(?:[.(`\[]|=)"
)
_TEMPLATE = re.compile(
    r"\{\{.{0,256}?(?:[*.|(\[_'\"]|self|config|this|request).{0,256}?\}\}|\{%.{1,256}?%\}|[$#@*]\{[^}]{1,256}[(*.|'\"\[:+][^}]{0,256}\}|<%=?.{1,256}?%>|#(?:set|foreach|include)\s*\(|\{(?:php|if|literal|system)\b|\[\[.{1,128}?\]\]|\$\{\d+\*\d+\}|\{\d+\*\d+\}|<#(?:assign|list|include)|__(?:class|globals|mro|subclasses|builtins|init|import|base)__|\{\{",
    re.DOTALL,
)
_CODE = re.compile(
    r"<\?(?:php|=|\s)|\b(?:system|exec|passthru|shell_exec|popen|proc_open|pcntl_exec|assert|eval|phpinfo|base64_decode|call_user_func\w*|create_function|"
    r"file_get_contents|file_put_contents|readfile|include(?:_once)?|require(?:_once)?|spawn|execsync|spawnsync|getruntime|processbuilder|unserialize|preg_replace|"
    r"array_map|usort|str_rot13|chr|ini_set|getenv|putenv|phpversion|opendir|scandir|fsockopen|curl_exec|print_r|var_dump|die|__import__|compile|getattr|globals|os\.system|os\.popen|subprocess\.\w+)\s*(?:/\*.*?\*/\s*)?\(|"
    r"\$_(?:get|post|request|server|cookie|files|session|env)\b|\$\$?\{?\w*:?-?j?(?:ndi|\$\{)|jndi:|process\.(?:env|mainmodule|binding)|child_process|<!--#|"
    r"\$\w+\s*\(|\$\w+\s*=|\$_+[\[(]|\)\s*\(\s*['\"]|java\.lang\.|t\(java|#cmd|#context|@java|_memberaccess|class\.module\.classloader|new\s+function\s*\(",
)
_XML = re.compile(
    r"<!doctype\s+[^>\[]*\[|<!entity\b|<!doctype\b.{0,128}\b(?:system|public)\b|\bxi:include\b|<xsl:|&\w+;.{0,64}\]>|%\s?\w{1,32};\s*(?:\]>|%|\Z)|<!attlist|<!element",
    re.DOTALL,
)
_MONGO = re.compile(
    r"[\"'\[{.]?\$(?:ne|eq|gte?|lte?|n?in|regex|where|exists|or|and|nor|not|expr|elemmatch|size|mod|all|type|function|accumulator|jsonschema|text|lookup|set|inc|unset|comment)\b[\"'\]]?\s*[\]:=]|\$(?:where|ne)\b|\bthis\.\w+\s*(?:[=!<>.]|\.match)|(?:'|\")\s*(?:\|\||&&)\s*(?:'|\"|\d|this|true)|\b(?:attribute_(?:not_)?exists|begins_with)\s*\(|;\s*return\b|\bdb\.\w+\.\w+\(|\bmapreduce\b"
)
_LDAP = re.compile(
    r"\*?\s*\)+\s*[!]?\(+\s*[|&!]?\s*\(?[\w*;.-]*\s*(?:[~<>:]?=|\Z|\))|\(\s*[|&!]\s*\(|\(\s*[\w;.-]{1,32}\s*[~<>]?=[^()]{0,128}\)|\*\)\s*(?:\(|\x00|&|\||;|\))|\*\(\||\)\("
)
_XPATH = re.compile(
    r"/\*\[|//\*|\]\s*\||\||\bposition\s*\(\)|\bname\s*\(\)|\bcount\s*\(\s*/|\bstring-length\s*\(|\bsubstring\s*\(|//\w+[\[/]|\bstarts-with\s*\(|\bdoc(?:ument)?\s*\(|\b(?:text|node|last|comment)\s*\(\)|(?:parent|child|ancestor|descendant|following|preceding)(?:-or-self)?::|/@\w"
)
_HEADER = re.compile(
    r"[\r\n]\s*(?:set-cookie|content-(?:length|type|disposition)|location|http/\d|host|bcc|cc|to|from|subject|x-[\w-]+|refresh|link|connection|transfer-encoding|access-control-[\w-]+|cookie|server|status|date|mime-version|authorization)\s*[:/]|[\r\n](?:[\r\n]|\s)*<|[\r\n]\s*(?:\[?\d{4}-\d\d-\d\d|\[?(?:info|warn(?:ing)?|error|debug|crit\w*)\b)|\x1b\[|[\r\n]+(?:get|post|put|delete|head)\s+/"
)
_GRAPHQL = re.compile(
    r"\b(?:__schema|__type(?:name)?|introspectionquery|fullType|possibletypes|querytype|mutationtype)\b|\b(?:query|mutation|subscription|fragment)\b[^{}]{0,64}\{|\A\s*\{\s*\w+\s*(?:\([^)]{0,256}\))?\s*\{|\bfragment\s+\w+\s+on\b|\{\s*\w+\s*(?::\s*\w+\s*)?\([^)]{1,256}\)\s*\{|@(?:include|skip)\s*\("
)
_DIRECTIVES = re.compile(r"@(?:include|skip|deprecated)\b")
_PROTO = re.compile(
    r"__proto__|constructor\W{1,4}prototype|prototype\W{1,3}constructor|\bconstructor\b\W{0,4}[\[\]]|__(?:define|lookup)[gs]etter__"
)
_DESER = re.compile(
    r"\b[oc]:\d+:\"|\ba:\d+:\{|!!(?:python|ruby|java|js|org|com)|!(?:ruby|python)/|\brO0AB|\"\$type\"\s*:|\"@type\"\s*:|py/(?:object|reduce|function|module)|"
    r"c(?:os|posix|nt|subprocess|__builtin__|builtins)\n|_\$\$nd_func\$\$_|java\.(?:lang|io|util|net|beans|rmi|security)\b|javax\.\w+|org\.(?:apache|spring\w*|codehaus|mozilla|jboss|hibernate|python)|"
    r"org\.omg\.|(?:process\W?builder|\bruntime)\W.{0,64}(?:transformer|closure|factory|evil)|com\.(?:sun|mchange|alibaba|rometools)\.|objectdataprovider|xstream|<java\b|<object\s+class|\bobjectinputstream|unmarshal|!!binary|<sorted-set|\bjava\.?runtime\b|aced0005|commons\.collections|ysoserial|gadget",
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}\Z")
_MAGIC = (
    b"\xac\xed\x00\x05", b"\x80\x02", b"\x80\x03", b"\x80\x04\x95", b"\x80\x05\x95",
    b"\x00\x01\x00\x00\x00\xff\xff\xff\xff", b"\x04\x08", b"\xff\x01",
    b"cos\n", b"c__builtin__\n", b"cposix\n", b"(cos\n", b"csubprocess\n", b"cbuiltins\n", b"(dp0", b"(lp0", b"\x1f\x8b",
)  # fmt: skip
#: Classes that gadget chains are made of, as they look inside base64 at each of three alignments.
_GADGETS = (
    "runtime", "processbuilder", "instantiatetransformer", "instantiatefactory", "invokertransformer", "prototypeclonefactory",
    "prototypeserializationfactory", "clonetransformer", "whileclosure", "forclosure", "objectinputstream", "objectoutputstream",
    "chainedtransformer", "constanttransformer", "badattributevalue", "templatesimpl", "annotationinvocationhandler", "hashmap",
    "priorityqueue", "java.lang", "java.util", "javax.", "org.apache", "commons.collections", "scriptengine",
)  # fmt: skip
#: A call and nothing else, a statement, a setting of PHP, a variable of a shell or of PHP, a Windows command line.
_LONE_CALL = re.compile(
    r"\s*(?:new\s+)?[@\\]?[a-z_][\w.\\]*\s*(?:/\*.{0,64}?\*/|\s)*+\([^()]{0,128}\)(?:\s*\[\d+\])?\s*;?\s*\Z"
)
_STATEMENT = re.compile(
    r"\s*(?:while|for|if|return|var|function|try|throw|print|echo|import|from|exec|eval|assert)\b\W{0,4}[('\"{$!\d]"
)
_SETTING = re.compile(
    r"\b(?:auto_(?:pre|ap)pend_file|allow_url_\w+|disable_(?:functions|classes)|open_basedir|extension(?:_dir)?|mbstring\.\w+|precision|display_errors|"
    r"memory_limit|safe_mode|error_reporting|session\.\w+|zend\.\w+|opcache\.\w+|pcre\.\w+|assert\.\w+|suhosin\.\w+|sendmail_path|enable_dl|short_open_tag|"
    r"variables_order|register_globals|highlight\.\w+|html_errors|include_path|upload_\w+|user_ini\.\w+|default_charset|log_errors|post_max_size|file_uploads)\s*="
)
_VARIABLE = re.compile(
    r"\$\s*\{\s*[^a-z\s]|@\{\s*\[|\$\w+\s*[\[{].{0,64}[\]}]\s*(?:/\*.{0,64}?\*/)?\s*\(|\$\s+\{|\[/?php\]|\{,\s*\w|\$\{?\w+[@#%^:*]|<esi:"
)
_BATCH = re.compile(
    r"\bfor\s+/[dflr]\b|\bif\s+(?:/i\s+|not\s+)*(?:exist|defined|errorlevel|cmdextversion|\S{1,64}\s*==)|\bif\s+/i\b|%%?[a-z]\s+in\s*\(|%\w+:~|\balias\s+\S+\s*=|\b(?:equ|neq|lss|leq|gtr|geq)\b.{0,64}\becho\b"
)
_SQL_START = re.compile(
    r"\s*(?:or|and|xor|union|having|\|\||&&|order\s+by|group\s+by|where|;|\))[\s(+!~'\"\d/-].{0,256}?(?:=|<|>|\blike\b|\bselect\b|\d|--|#|'|\bin\b|\bis\b|\bbetween\b)",
    re.DOTALL,
)
_PICKLE = re.compile(rb"[\x80-\x85]?[\x02-\x05]?\(?c[a-z_][\w.]*\n\w+\n")
_CHECKS: "tuple[tuple[str, Callable[[str], object], str], ...]" = (
    ("!sql-tail", _SQL_TAIL.search, "'\"`)"),
    ("!lone-call", _LONE_CALL.match, "("),
    ("!statement", _STATEMENT.match, ""),
    ("!setting", _SETTING.search, "="),
    ("!variable", _VARIABLE.search, "$@{["),
    ("!batch", _BATCH.search, ""),
    ("!sql-start", _SQL_START.match, ""),
    ("!sql-number", _SQL_NUMBER.search, ""),
    ("!sql-phrase", _SQL_PHRASE.search, ""),
    ("!shell", _SHELL.search, ""),
    ("!substitution", _SUBSTITUTION.search, "$`(/<>{"),
    ("!tag", _TAG.search, "<"),
    ("!handler", _HANDLER.search, "=:(-@<"),
    ("!script", _JS.search, ""),
    ("!template", _TEMPLATE.search, "{<#[_"),
    ("!code", _CODE.search, ""),
    ("!xml", _XML.search, "<&%:"),
    ("!mongo", _MONGO.search, "$.|&(;"),
    ("!ldap", _LDAP.search, "()*"),
    ("!xpath", _XPATH.search, "/|(:"),
    ("!header", _HEADER.search, "\r\n\x1b"),
    ("!graphql", _GRAPHQL.search, "{_"),
    ("!proto", _PROTO.search, ""),
    ("!deser", _DESER.search, ""),
    ("!climb", _DOTS.search, "."),
    ("!system-path", _SYSTEM.search, "/\\"),
    ("!drive", _DRIVE.search, ":"),
    ("!sensitive", _SENSITIVE.search, ""),
)
#: What nothing but an attack has: enough whatever the rest of a value looks like.
ENOUGH = frozenset(("!climb-far", "!object", "!object-call", "!gadget", "!overlong", "!xml"))
#: Out of how many folders a value climbs that means no neighbour of the application's own.
_FAR = 4
_gadgets: "list[str]" = []


def shapes(text: str, raw: str) -> "set[str]":
    """The names of the structures in a value.

    Args:
        text: the value decoded, in lower case.
        raw: the value as it is.
    """
    found = {
        name for name, search, needs in _CHECKS if (not needs or any(char in text for char in needs)) and search(text)
    }
    found |= _addresses(text)
    found |= _unbalanced(text)
    if text.count("../") + text.count("..\\") >= _FAR:
        found.add("!climb-far")
    if len(raw) >= 6 and _BASE64.match(raw):
        found |= _binary(raw)
    return found


def _unbalanced(text: str) -> "set[str]":
    """Delimiters without their partner: what ends a literal or a bracket of somebody else's."""
    found = set()
    if text.count("'") % 2:
        found.add("!odd-single")
    if text.count('"') % 2:
        found.add("!odd-double")
    opened, closed = text.count("("), text.count(")")
    if opened != closed:
        found.add("!more-closed" if closed > opened else "!more-opened")
    elif closed and text.find(")") < text.find("("):
        found.add("!closed-first")
    return found


def _addresses(text: str) -> "set[str]":
    found = set()
    if "//" in text or "\\\\" in text or ":" in text:
        for count, match in enumerate(_HOST.finditer(text)):
            scheme, authority, bare = match.groups()
            authority = authority or bare
            if scheme in _ODD_SCHEMES:
                found.add("!odd-scheme")
            host = authority.rpartition("@")[2]
            if "@" in authority:
                found.add("!user-in-url")
            if _inside(host):
                found.add("!inside")
            elif not host.isascii() or (addresses.number(host.partition(":")[0]) is not None):
                found.add("!number-host")
            if count == 8:
                break
        if text.partition(":")[0].strip() in _ODD_SCHEMES:
            found.add("!odd-scheme")
    if "\\" in text and "//" in text:
        first = _HOST.search(text.replace("\\", ""))
        if first and _inside((first[2] or first[3]).rpartition("@")[2]):
            found.add("!inside")
    bare_host = _HOSTLIKE.match(text.strip())
    if bare_host and _inside(bare_host[1]):
        found.add("!inside-bare")
    return found


def _inside(host: str) -> bool:
    plain = host
    if host.count(":") == 1:
        plain = host.partition(":")[0]
    elif host.startswith("["):
        plain = host.partition("]")[0] + "]"
    if not plain or (plain.isdigit() and len(plain) < 8):
        return False
    return bool(addresses.why_inside(plain, names=False))


def _binary(raw: str) -> "set[str]":
    """What base64 holds: the first bytes of a serialised object, or pieces of the names of gadget classes."""
    if not _gadgets:
        _gadgets.extend(_aligned())
    found = set()
    if any(piece in raw for piece in _gadgets):
        found.add("!gadget")
    body = raw.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 != 1:
        data = a2b_base64(body + "=" * (-len(body) % 4))
        if data.startswith(_MAGIC) or _PICKLE.match(data):
            found.add("!object")
            if any(word in data for word in (b"system", b"popen", b"eval", b"exec", b"subprocess", b"R.", b"Runtime")):
                found.add("!object-call")
    return found


def _aligned() -> "list[str]":
    from binascii import b2a_base64

    found = ["rO0AB", "Cs7QAF", "KztAAU"]
    for name in _GADGETS:
        if len(name) < 7:
            continue
        for form in {name, name.capitalize(), name.title()}:
            for shift in range(3):
                coded = b2a_base64(b"\0" * shift + form.encode(), newline=False).decode().rstrip("=")
                found.append(coded[(0, 2, 3)[shift] : len(coded) - 1])
    return found
