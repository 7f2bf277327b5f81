"""Every kind of sink in JavaScript: code that lets a sender in, and code that looks like it and does not."""
# ruff: noqa: ISC004  (programs under test stand on one line)

import pytest

CP = "const cp = require('node:child_process');\n"
FS = "const fs = require('fs'); const path = require('path');\n"
PG = "const { Pool } = require('pg'); const pool = new Pool();\n"
MY = "import mysql from 'mysql2/promise'; const pool = mysql.createPool({ host: 'db.example' });\n"
S3 = "const { S3Client, GetObjectCommand } = require('@aws-sdk/client-s3'); const s3 = new S3Client({});\n"

VULNERABLE = [
    ("process", CP, "cp.exec('ls ' + x, (e, out) => {})"),
    ("process", CP, "cp.execSync(`ls ${x}`)"),
    ("process", CP, "cp.spawn('ls ' + x, { shell: true })"),
    ("process", CP, "cp.spawn('ls', [x], { shell: true })"),
    ("process", CP, "cp.spawn('sh', ['-c', 'ls ' + x])"),
    ("process", CP, "cp.execFile(x)"),
    ("process", CP, "cp.fork(x)"),
    ("process", "import { execaCommand } from 'execa';\n", "await execaCommand(`ls ${x}`)"),
    ("process", "const shell = require('shelljs');\n", "shell.exec('ls ' + x)"),
    ("path", FS, "fs.readFileSync('/tmp/' + x)"),
    ("path", FS, "fs.readFile(path.join('/tmp', x), 'utf8', (e, d) => {})"),
    ("path", FS, "await fs.promises.writeFile(x, 'a')"),
    ("path", "import { readFile } from 'node:fs/promises';\n", "await readFile(`/tmp/${x}`)"),
    ("path", FS, "fs.createReadStream(path.resolve('/tmp', x))"),
    ("path", FS, "fs.unlinkSync(x)"),
    ("path", FS, "fs.renameSync('/tmp/a', x)"),
    ("path", "const AdmZip = require('adm-zip');\n", "new AdmZip('/tmp/a.zip').extractAllTo(x)"),
    ("url", "", "await fetch(x)"),
    ("url", "", "await fetch(`https://${x}/a`, { method: 'POST' })"),
    ("url", "const axios = require('axios');\n", "await axios.get(x)"),
    ("url", "import axios from 'axios';\n", "await axios({ method: 'get', url: x })"),
    ("url", "const axios = require('axios').default;\n", "await axios.post('http://' + x, {})"),
    ("url", "const got = require('got');\n", "await got(x).json()"),
    ("url", "const fetch = require('node-fetch');\n", "await fetch(x)"),
    ("url", "const https = require('https');\n", "https.get(x, (res) => {})"),
    ("url", "const https = require('https');\n", "https.request({ hostname: x, path: '/' })"),
    ("url", "const request = require('request');\n", "request({ uri: x }, (e, r, b) => {})"),
    ("url", "const { request } = require('undici');\n", "await request(x)"),
    ("url", "const superagent = require('superagent');\n", "await superagent.get(x)"),
    ("sql", PG, "await pool.query(`SELECT * FROM t WHERE a = '${x}'`)"),
    ("sql", PG, "await pool.query({ text: 'SELECT ' + x })"),
    ("sql", PG, "const c = await pool.connect(); await c.query('SELECT ' + x)"),
    ("sql", MY, "const [rows] = await pool.execute('SELECT ' + x)"),
    ("sql", MY, "const c = await pool.getConnection(); await c.query('SELECT ' + x)"),
    ("sql", "const mysql = require('mysql'); const c = mysql.createConnection('mysql://h/d');\n",
     "c.query('SELECT ' + x, (e, r) => {})"),
    ("sql", "const knex = require('knex')({ client: 'pg' });\n", "await knex.raw('SELECT ' + x)"),
    ("sql", "const knex = require('knex')({ client: 'pg' });\n", "await knex('t').whereRaw('a = ' + x)"),
    ("sql", "const { Sequelize } = require('sequelize'); const db = new Sequelize('postgres://h/d');\n",
     "await db.query('SELECT ' + x)"),
    ("sql", "const sqlite = require('better-sqlite3'); const db = sqlite('/tmp/a.db');\n", "db.prepare('SELECT ' + x).all()"),
    ("sql", "const { PrismaClient } = require('@prisma/client'); const p = new PrismaClient();\n",
     "await p.$queryRawUnsafe('SELECT ' + x)"),
    ("sql", "import { db } from 'our-data';\n", "await db.query('SELECT ' + x)"),
    ("sql", "const { RDSDataClient, ExecuteStatementCommand } = require('@aws-sdk/client-rds-data');\n",
     "await new RDSDataClient().send(new ExecuteStatementCommand({ sql: 'SELECT ' + x }))"),
    ("code", "", "eval(x)"),
    ("code", "", "new Function('a', x)(1)"),
    ("code", "const vm = require('vm');\n", "vm.runInNewContext(x)"),
    ("code", "", "setTimeout(x, 10)"),
    ("code", "const ejs = require('ejs');\n", "ejs.render('Hello ' + x)"),
    ("code", "const Handlebars = require('handlebars');\n", "Handlebars.compile(x)({})"),
    ("code", "const _ = require('lodash');\n", "_.template(x)()"),
    ("code", "const pug = require('pug');\n", "pug.render(x)"),
    ("code", "const nunjucks = require('nunjucks');\n", "nunjucks.renderString(x, {})"),
    ("deserialize", "const s = require('node-serialize');\n", "s.unserialize(x)"),
    ("deserialize", "const yaml = require('js-yaml');\n", "yaml.load(x, { schema: yaml.DEFAULT_FULL_SCHEMA })"),
    ("response", "", "return { statusCode: 200, headers: { 'Content-Type': 'text/html' }, body: `<b>${x}</b>` }"),
    ("response", "",
     "callback(null, { statusCode: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<b>' + x })"),
    ("response", "", "return { statusCode: 302, headers: { Location: x } }"),
    ("response", "", "context.succeed({ statusCode: 301, headers: { location: x } })"),
    ("log", "", "console.log('got ' + x)"),
    ("log", "", "console.error(x)"),
    ("log", "const winston = require('winston'); const logger = winston.createLogger({});\n",
     "logger.info('got ' + x); console.log('got ' + x)"),
    ("call", S3, "await s3.send(new GetObjectCommand({ Bucket: x, Key: 'a' }))"),
    ("call", "const AWS = require('aws-sdk'); const l = new AWS.Lambda();\n",
     "await l.invoke({ FunctionName: 'a-' + x }).promise()"),
    ("call", "const AWS = require('aws-sdk'); const d = new AWS.DynamoDB.DocumentClient();\n",
     "await d.scan({ TableName: 't', FilterExpression: 'a = ' + x }).promise()"),
]  # fmt: skip

SAFE = [
    (CP, "cp.execFile('ls', ['--', x])"),
    (CP, "cp.spawn('convert', ['/tmp/' + x])"),
    (CP, "cp.spawnSync('convert', ['/tmp/' + x], { shell: false })"),
    ("const quote = require('shell-quote').quote;\n" + CP, "cp.exec('ls ' + quote([x]))"),
    (FS, "fs.readFileSync('/tmp/' + path.basename(x))"),
    (FS, "const p = path.resolve('/tmp', x); if (!p.startsWith('/tmp/')) return; fs.readFileSync(p)"),
    (FS, "if (x.includes('..') || x.includes('/')) return; fs.readFileSync('/tmp/' + x)"),
    (FS, "fs.writeFileSync('/tmp/a', x)"),
    ("", "await fetch('https://api.example/a', { method: 'POST', body: x })"),
    ("", "const u = new URL(x); if (u.hostname !== 'api.example') return; await fetch(x)"),
    ("", "if (!['a.example', 'b.example'].includes(new URL(x).hostname)) throw new Error(); await fetch(x)"),
    ("", "if (!x.startsWith('https://api.example/')) return; await fetch(x)"),
    ("const axios = require('axios');\n", "await axios.get('https://api.example', { params: { a: x } })"),
    (PG, "await pool.query('SELECT * FROM t WHERE a = $1', [x])"),
    (PG, "await pool.query({ text: 'SELECT $1', values: [x] })"),
    (PG, "await pool.query('SELECT * FROM t LIMIT ' + Number(x))"),
    (PG, "const COLUMNS = { a: 'a', b: 'b' }; await pool.query('SELECT ' + COLUMNS[x])"),
    (MY, "await pool.execute('SELECT ?', [x])"),
    (MY, "await pool.query('SELECT ' + mysql.escape(x))"),
    ("const knex = require('knex')({ client: 'pg' });\n", "await knex('t').where('a', x)"),
    ("const knex = require('knex')({ client: 'pg' });\n", "await knex.raw('SELECT ?', [x])"),
    ("const { PrismaClient } = require('@prisma/client'); const p = new PrismaClient();\n", "await p.$queryRaw`SELECT ${x}`"),
    ("const postgres = require('postgres'); const sql = postgres();\n", "await sql`SELECT ${x}`"),
    ("const ejs = require('ejs');\n", "ejs.render('Hello <%= a %>', { a: x })"),
    ("const Handlebars = require('handlebars'); const t = Handlebars.compile('{{a}}');\n", "t({ a: x })"),
    ("const yaml = require('js-yaml');\n", "yaml.load(x)"),
    ("", "JSON.parse(x)"),
    ("", "setTimeout(() => {}, x)"),
    ("", "return { statusCode: 200, body: JSON.stringify({ a: x }) }"),
    ("", "return { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: x }"),
    ("const escape = require('escape-html');\n",
     "return { statusCode: 200, headers: { 'Content-Type': 'text/html' }, body: `<b>${escape(x)}</b>` }"),
    ("", "return { statusCode: 200, headers: { 'Content-Type': 'text/html' }, body: `<a href='/?${encodeURIComponent(x)}'>` }"),
    ("", "return { statusCode: 302, headers: { Location: '/login?next=' + encodeURIComponent(x) } }"),
    ("", "console.log(JSON.stringify({ x }))"),
    ("", "console.log({ x })"),
    ("", "console.log(x.replace(/[\\r\\n]/g, ''))"),
    (S3, "await s3.send(new GetObjectCommand({ Bucket: 'b', Key: x }))"),
    ("const AWS = require('aws-sdk'); const d = new AWS.DynamoDB.DocumentClient();\n",
     "await d.query({ TableName: 't', KeyConditionExpression: 'a = :a', ExpressionAttributeValues: { ':a': x } }).promise()"),
]  # fmt: skip

GUARDS = [
    "if (!['a', 'b'].includes(x)) return; cp.exec('ls ' + x)",
    "const ALLOWED = new Set(['a', 'b']); if (!ALLOWED.has(x)) throw new Error('no'); cp.exec('ls ' + x)",
    "const TABLE = { a: 1, b: 2 }; if (!(x in TABLE)) return; cp.exec('ls ' + x)",
    "const TABLE = { a: 1, b: 2 }; if (!TABLE[x]) return; cp.exec('ls ' + x)",
    "const TABLE = { a: 1 }; if (!Object.keys(TABLE).includes(x)) return; cp.exec('ls ' + x)",
    "const TABLE = { a: 1 }; if (!Object.prototype.hasOwnProperty.call(TABLE, x)) return; cp.exec('ls ' + x)",
    "if (['a', 'b'].indexOf(x) === -1) return; cp.exec('ls ' + x)",
    "if (!['a', 'b'].some(one => one === x)) return; cp.exec('ls ' + x)",
    "if (!/^[a-z0-9]+$/i.test(x)) return; cp.exec('ls ' + x)",
    "if (!x.match(/^[a-z]+$/)) { throw new Error('no') } cp.exec('ls ' + x)",
    "const RE = new RegExp('^[a-z]+$'); if (!RE.test(x)) return; cp.exec('ls ' + x)",
    "if (/[^a-z]/.test(x)) return; cp.exec('ls ' + x)",
    "if (typeof x !== 'number') return; cp.exec('ls ' + x)",
    "if (!Number.isInteger(x)) return; cp.exec('ls ' + x)",
    "if (isNaN(x)) return; cp.exec('ls ' + x)",
    "if (x === 'a' || x === 'b') { cp.exec('ls ' + x) }",
    "switch (x) { case 'a': case 'b': cp.exec('ls ' + x); break; default: throw new Error() }",
    "if (x !== 'a') { return } cp.exec('ls ' + x)",
    "cp.exec('ls ' + x.replace(/[^a-z0-9]/gi, ''))",
    "const good = (v) => /^[a-z]+$/.test(v); if (!good(x)) return; cp.exec('ls ' + x)",
    "function check(v) { if (!['a'].includes(v)) throw new Error() } check(x); cp.exec('ls ' + x)",
    "const y = ['a', 'b'].includes(x) ? x : 'a'; cp.exec('ls ' + y)",
    "['a', 'b'].includes(x) && cp.exec('ls ' + x)",
    "const ok = ['a'].includes(x); if (ok) cp.exec('ls ' + x)",
    "for (const y of [x].filter(v => /^[a-z]+$/.test(v))) cp.exec('ls ' + y)",
    "if (require('validator').isUUID(x)) cp.exec('ls ' + x)",
    "const { z } = require('zod'); const v = z.object({ x: z.string().uuid() }).parse({ x }); cp.exec('ls ' + v.x)",
    "const { z } = require('zod'); const v = z.enum(['a', 'b']).parse(x); cp.exec('ls ' + v)",
    "const { z } = require('zod'); const r = z.coerce.number().safeParse(x); cp.exec('ls ' + r.data)",
    "const Joi = require('joi'); const r = Joi.object({ x: Joi.string().hex() }).validate({ x }); cp.exec('ls ' + r.value.x)",
    "const yup = require('yup'); const v = await yup.string().matches(/^[a-z]+$/).validate(x); cp.exec('ls ' + v)",
    "const v = new (require('ajv'))().compile({ properties: { x: { enum: ['a'] } } }); const b = { x }; if (!v(b)) return;\n"
    "cp.exec('ls ' + b.x)",
]  # fmt: skip

BROKEN = [
    "if (!['a', 'b'].includes(x)) console.info('odd'); cp.exec('ls ' + x)",
    "if (!['a', x].includes(x)) return; cp.exec('ls ' + x)",
    "if (!'abc'.includes(x)) return; cp.exec('ls ' + x)",
    "if (!/[a-z0-9]+/.test(x)) return; cp.exec('ls ' + x)",
    "if (!/^[a-z0-9]+$/m.test(x)) return; cp.exec('ls ' + x)",
    "if (!/^.+$/.test(x)) return; cp.exec('ls ' + x)",
    "if (typeof x !== 'string') return; cp.exec('ls ' + x)",
    "if (x.length > 10) return; cp.exec('ls ' + x)",
    "cp.exec('ls ' + x.replace(/[^a-z0-9]/, ''))",
    "cp.exec('ls ' + x.replace(/;/g, ''))",
    "const ok = ['a'].includes(x); if (!ok) cp.exec('ls ' + x)",
    "const { z } = require('zod'); const v = z.object({ x: z.string().min(1) }).parse({ x }); cp.exec('ls ' + v.x)",
    "if (x) cp.exec('ls ' + x)",
    "if (!['a'].includes(event.y)) return; cp.exec('ls ' + x)",
]  # fmt: skip


@pytest.mark.parametrize(("sink", "before", "code"), VULNERABLE)
def test_lets_a_sender_in(snippet, sink, before, code):
    assert set(snippet(code, before)) == {sink}


@pytest.mark.parametrize(("before", "code"), SAFE)
def test_only_looks_like_it(snippet, before, code):
    assert snippet(code, before) == []


@pytest.mark.parametrize("code", GUARDS)
def test_a_check_that_holds(snippet, code):
    assert snippet(code, CP) == []


@pytest.mark.parametrize("code", BROKEN)
def test_a_check_that_does_not_hold(snippet, code):
    assert "process" in snippet(code, CP)
