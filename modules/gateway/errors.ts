// what can go wrong at the door: at the start, and in a request.
import { defineErrors } from '../../nucleus/errors.ts'

export const gatewayErrors = defineErrors({
  PORT_TAKEN: {
    title: 'another program listens on the port of the HTTP interface',
    fix: 'set LOTUS_HTTP_PORT to another port (0 takes a free one), or stop what listens there',
  },
  LISTEN_FAILED: {
    title: 'the HTTP interface can’t listen on this address',
    fix: 'set LOTUS_HTTP_HOST to an address of this machine and LOTUS_HTTP_PORT to a port that you may use',
  },
  INSECURE_BIND: {
    title: 'the HTTP interface would be reachable from other machines without a strong token',
    fix: 'set LOTUS_HTTP_TOKEN to at least 128 random bits (`openssl rand -hex 32` makes 256), or LOTUS_HTTP_HOST to 127.0.0.1',
  },
  TOKEN_INVALID: {
    title: 'the token of the HTTP interface can’t be used',
    fix: 'remove the file, then start LOTUS again: it makes a new one',
  },
  TOKEN_UNAVAILABLE: {
    title: 'the file with the token of the HTTP interface can’t be read or made',
    fix: 'make the folder writable for the user that LOTUS runs as, or set LOTUS_HOME to another one',
  },
  UNAUTHENTICATED: {
    title: 'this needs the bearer token of LOTUS',
    fix: 'send the header `Authorization: Bearer TOKEN`',
  },
  TOKEN_REVOKED: {
    title: 'this token was revoked',
    fix: 'make another: `lotus token create` on the machine that LOTUS runs on',
  },
  TOKEN_EXPIRED: {
    title: 'the time of this token is over',
    fix: 'make another: `lotus token create` on the machine that LOTUS runs on',
  },
  PURPOSE_NOT_ALLOWED: {
    title: 'this token is not for this endpoint',
    fix: 'use one of another purpose: `lotus token create --purpose api` makes one for everything',
  },
  TOKEN_IN_ADDRESS: {
    title: 'a token in the address is not taken: addresses are kept in logs and histories',
    fix: 'send it in the header `Authorization: Bearer TOKEN`, and revoke this one, which others may have seen: `lotus token revoke`',
  },
  TOKENS_EQUAL: {
    title: 'two tokens are equal, so that one has the rights of the other',
    fix: 'remove one of them from tokens.json in LOTUS_HOME, or set LOTUS_HTTP_TOKEN to another value',
  },
  TOKENS_DAMAGED: {
    title: 'the list of tokens can’t be read, so none of them holds',
    fix: 'remove tokens.json in LOTUS_HOME, then make the tokens anew: `lotus token create`',
  },
  HOST_NOT_ALLOWED: {
    title: 'this request is addressed to a host that LOTUS does not answer for',
    fix: 'ask for 127.0.0.1, localhost or the host that LOTUS listens on, with its port; others are named in the setting gateway.allowedHosts',
  },
  ORIGIN_NOT_ALLOWED: {
    title: 'web pages of this origin may not use LOTUS',
    fix: 'open the page from LOTUS itself, or name its host in the setting gateway.allowedHosts',
  },
  IDENTITY_MISMATCH: {
    title: 'the token speaks for somebody else',
    fix: 'leave `user_id` and `team_id` away: LOTUS knows who asks by the token',
  },
  REQUEST_INVALID: {
    title: 'the request is not what this endpoint takes',
    fix: 'correct what is named; /docs shows what each endpoint takes',
  },
  ENDPOINT_UNKNOWN: {
    title: 'there is no such endpoint',
    fix: 'see /docs for those that there are',
  },
  METHOD_NOT_ALLOWED: {
    title: 'this endpoint does not take that method',
    fix: 'use one of those in the header `Allow`',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    title: 'bodies of this type are not understood',
    fix: 'send JSON, with the header `Content-Type: application/json`',
  },
  BODY_TOO_LARGE: {
    title: 'the body of the request is too large',
    fix: 'send less; the limit is the setting gateway.bodyLimit',
  },
  GOAL_TOO_LARGE: {
    title: 'the text of a goal has more than 64 KiB',
    fix: 'put the long part into a file, and name the file in the goal',
  },
  HEADERS_TOO_LARGE: {
    title: 'the headers of the request are too large',
    fix: 'send less than 16 KiB of headers',
  },
  REQUEST_TOO_SLOW: {
    title: 'the request did not come whole within its time',
    fix: 'send it faster; the limits are gateway.headersTimeoutMs and gateway.requestTimeoutMs',
    retryable: true,
  },
  RUN_UNKNOWN: {
    title: 'there is no run with this trace id',
    fix: 'GET /runs lists those that there are',
  },
  MODULE_VANISHED: {
    title: 'the module is not there any more after the change',
    fix: 'GET /modules lists those that there are',
  },
  MODULE_DOWN: {
    title: 'a module that every goal goes through is not running',
    fix: '`lotus module load NAME` starts it',
    retryable: true,
  },
  GOAL_ELSEWHERE: {
    title: 'this is a worker, which takes no goals',
    fix: 'give the goal to the nucleus of the system; `lotus nodes` shows where that is',
  },
  GOAL_STILL_RUNNING: {
    title: 'the goal runs longer than this request waits',
    fix: 'GET /goals/{trace_id} waits on, DELETE /runs/{trace_id} ends it',
    retryable: true,
  },
  GATEWAY_FULL: {
    title: 'as many are open at once as may be',
    fix: 'close some, or wait a moment',
    retryable: true,
  },
  CLIENT_GONE: {
    title: 'the client has gone before its answer was ready',
    fix: 'GET /goals/{trace_id} takes its goal up again',
  },
  GATEWAY_CLOSING: {
    title: 'the HTTP interface is being closed or reloaded',
    fix: 'ask again in a moment; a goal that was accepted goes on, GET /goals/{trace_id} takes it up again',
    retryable: true,
  },
})
