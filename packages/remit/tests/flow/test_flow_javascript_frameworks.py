"""Frameworks of JavaScript: what they hand over of a request, and how they answer."""
# ruff: noqa: E501  (programs under test stand on one line)

import pytest

CP = "const cp = require('child_process');\n"
EXPRESS = (
    CP + "const express = require('express'); const serverless = require('serverless-http'); const app = express();\n"
)
END = "\nexports.handler = serverless(app);\n"


@pytest.mark.parametrize(("code", "wanted"), [
    ("app.get('/', (req, res) => { cp.exec(req.query.q) });", ["process<-queryStringParameters.q"]),
    ("app.get('/:id', (req, res) => { cp.exec(req.params.id) });", ["process<-pathParameters.id"]),
    ("app.post('/', async (req, res) => { cp.exec(req.body.x) });", ["process<-body→x"]),
    ("app.post('/', async ({ body }, res) => { cp.exec(body.x) });", ["process<-body→x"]),
    ("app.use((req, res, next) => { cp.exec(req.get('x-a')); next() });", ["process<-headers.x-a"]),
    ("app.get('/', (req, res) => { cp.exec(req.headers['x-a']) });", ["process<-headers.x-a"]),
    ("app.get('/', (req, res) => res.send('<b>' + req.query.q));", ["response<-queryStringParameters.q"]),
    ("app.get('/', (req, res) => res.redirect(req.query.q));", ["response<-queryStringParameters.q"]),
    ("app.get('/', (req, res) => { try { f() } catch (e) { res.status(500).json({ e: e.stack }) } });", ["response<-!exception"]),
    ("app.get('/', (req, res) => res.sendFile('/tmp/' + req.query.q));", ["path<-queryStringParameters.q"]),
    ("const r = express.Router(); r.get('/', (req, res) => { cp.exec(req.query.q) }); app.use('/a', r);", ["process<-queryStringParameters.q"]),
    ("class C { get(req, res) { cp.exec(req.query.q) } } const c = new C(); app.get('/', c.get.bind(c));", ["process<-queryStringParameters.q"]),
    ("app.use((err, req, res, next) => { res.status(500).send(err.stack) });", []),
    ("app.get('/', (req, res) => res.json({ q: req.query.q }));", []),
    ("app.get('/', (req, res) => res.send({ q: req.query.q }));", []),
    ("app.get('/', (req, res) => res.redirect('/a?b=' + encodeURIComponent(req.query.q)));", []),
])  # fmt: skip
def test_express(script, code, wanted):
    assert script(EXPRESS + code + END) == wanted


@pytest.mark.parametrize(("before", "code", "wanted"), [
    ("const Koa = require('koa'); const app = new Koa(); const serverless = require('serverless-http');\n",
     "app.use(async (ctx) => { cp.exec(ctx.request.body.x); cp.exec(ctx.query.q) });\nexports.handler = serverless(app);",
     ["process<-body→x", "process<-queryStringParameters.q"]),
    ("const app = require('fastify')(); const lambda = require('@fastify/aws-lambda');\n",
     "app.post('/', async (request, reply) => { cp.exec(request.body.x) });\nexports.handler = lambda(app);", ["process<-body→x"]),
    ("const app = require('fastify')(); const lambda = require('@fastify/aws-lambda');\n",
     "app.route({ method: 'GET', url: '/', handler: async (request) => { cp.exec(request.query.q) } });\nexports.handler = lambda(app);",
     ["process<-queryStringParameters.q"]),
    ("const { Hono } = require('hono'); const { handle } = require('hono/aws-lambda'); const app = new Hono();\n",
     "app.get('/', async (c) => { cp.exec(c.req.query('q')); return c.html('<b>' + c.req.param('id')) });\nexports.handler = handle(app);",
     ["process<-queryStringParameters.q", "response<-pathParameters.id"]),
    ("const api = require('lambda-api')();\n",
     "api.get('/', async (req, res) => { cp.exec(req.query.q) });\nexports.handler = async (e, c) => api.run(e, c);", ["process<-queryStringParameters.q"]),
    ("const serverlessExpress = require('@vendia/serverless-express'); const app = require('express')();\n",
     "app.get('/', (req, res) => { cp.exec(req.apiGateway.event.body) });\nexports.handler = serverlessExpress({ app });", ["process<-body"]),
    ("import middy from '@middy/core';\nimport jsonBodyParser from '@middy/http-json-body-parser';\n",
     "const base = async (event) => { cp.exec(event.body.x) };\nexport const handler = middy(base).use(jsonBodyParser());", ["process<-body.x"]),
    ("import middy from '@middy/core';\n",
     "export const handler = middy().use({ before: async (request) => { cp.exec(request.event.body) } }).handler(async (event) => 1);",
     ["process<-body"]),
    ("const { makeIdempotent } = require('@aws-lambda-powertools/idempotency');\n",
     "exports.handler = makeIdempotent(async (event) => { cp.exec(event.body) }, {});", ["process<-body"]),
    ("const { wrap } = require('./wrap');\n", "exports.handler = wrap(async (event) => { cp.exec(event.body) });", ["process<-body"]),
    ("", "exports.handler = awslambda.streamifyResponse(async (event, stream) => { cp.exec(event.body); stream.end() });", ["process<-body"]),
    ("", "exports.handler = (event, context, callback) => { cp.exec(event.body); callback(null, {}) };", ["process<-body"]),
])  # fmt: skip
def test_other_frameworks(script, before, code, wanted):
    files = {
        "wrap.js": "exports.wrap = (f) => async (event, context) => { console.log('a'); return f(event, context) };\n"
    }
    assert (
        script(
            CP.replace("const cp = require('child_process')", "import cp from 'child_process'") + before + code,
            files=files,
        )
        == wanted
    )


def test_nest_is_not_followed(study):
    code = "import { NestFactory } from '@nestjs/core';\nconst app = NestFactory.create({});\nexport const handler = async (e) => app.handle(e);\n"
    found = study(code, name="app.js", runtime="nodejs22.x")
    assert ("how NestJS wires its modules is not followed", True) in [(skip.why, skip.blind) for skip in found.skips]
