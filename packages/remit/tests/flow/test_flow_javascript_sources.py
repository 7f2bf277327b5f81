"""How handlers of JavaScript take events apart: every source, in the ways people write it."""
# ruff: noqa: E501  (programs under test stand on one line)

import pytest

CP = "const { exec } = require('child_process');\n"


@pytest.mark.parametrize(("source", "code", "wanted"), [
    ('sqs', 'exports.handler = async ({ Records }) => { for (const { body } of Records) { const { cmd } = JSON.parse(body); exec(cmd) } }',
     ['process<-Records[].body→cmd']),
    ('s3', "exports.handler = async (event) => { await Promise.all(event.Records.map(async ({ s3: { object: { key } } }) => exec(`ls ${decodeURIComponent(key.replace(/\\+/g, ' '))}`))) }",
     ['process<-Records[].s3.object.key']),
    ('sns', 'exports.handler = (event, ctx, cb) => { const m = JSON.parse(event.Records[0].Sns.Message); exec(m.a); cb(null) }',
     ['process<-Records[].Sns.Message→a']),
    ('dynamodb', "const { unmarshall } = require('@aws-sdk/util-dynamodb'); exports.handler = async (e) => { const item = unmarshall(e.Records[0].dynamodb.NewImage); exec(item.name) }",
     ['process<-Records[].dynamodb.NewImage→name']),
    ('http-api', 'exports.handler = async (event) => { for (const [k, v] of Object.entries(event.queryStringParameters ?? {})) exec(v) }',
     ['process<-queryStringParameters{}']),
    ('http-api', 'class H { constructor() { this.run = this.run.bind(this) } async run(event) { this.go(event.body) } go(c) { exec(c) } }\nexports.handler = new H().run;',
     ['process<-body']),
    ('http-api', "const routes = { 'GET /a': (e) => exec(e.body) }; exports.handler = async (event) => routes[event.routeKey](event);",
     ['process<-body']),
    ('http-api', "const h = async (event) => { const p = new URLSearchParams(event.body); exec(p.get('a')) }; module.exports.handler = h;",
     ['process<-body']),
    ('eventbridge', 'exports.handler = async ({ detail }) => { exec(detail.cmd) }',
     ['process<-detail.cmd']),
    ('http-api', 'const parse = (e) => ({ ...JSON.parse(e.body), ...e.pathParameters }); exports.handler = async (event) => { const input = parse(event); exec(input.id) }',
     ['process<-body→{}', 'process<-pathParameters{}']),
    ('http-api', "let pool; const get = () => pool ??= require('pg').Pool(); exports.handler = async (e) => { await get().query('SELECT ' + e.body) }",
     ['sql<-body']),
    ('http-api', "const mysql=require('mysql2/promise'); let c; exports.handler = async (e) => { if (!c) c = await mysql.createConnection({}); const sql = `SELECT * FROM u WHERE id=${e.pathParameters.id}`; const [r] = await c.execute(sql); return { statusCode: 200, body: JSON.stringify(r) } }",
     ['sql<-pathParameters.id']),
    ('http-api', "const fs = require('fs'); exports.handler = async (e) => { const { promises: { readFile } } = fs; return readFile('/tmp/' + e.rawPath) }",
     ['path<-rawPath']),
])  # fmt: skip
def test_what_is_taken_from_an_event(script, source, code, wanted):
    assert script(CP + code, source) == wanted
