// the errors of tickets, tokens and grants.
import { defineErrors } from '../../../../nucleus/errors.ts'

export const ticketErrors = defineErrors({
  PEER_UNKNOWN: {
    title: 'the system does not say who is calling',
    fix: 'connect again; if it stays, restart LOTUS',
    retryable: true,
  },
  PEER_REFUSED: {
    title: 'this LOTUS serves another user',
    fix: 'start a LOTUS of your own: ./start_lotus.sh',
  },
  PEER_IS_NUCLEUS: {
    title: 'only the person’s own client may do this',
    fix: 'do it in the shell with `lotus`',
  },
  NOT_ATTACHED: { title: 'only the nucleus may do this', fix: 'use the `lotus` command' },
  TICKET_UNKNOWN: {
    title: 'this ticket is not known or has expired',
    fix: 'try again: the client asks for a new one',
    retryable: true,
  },
  TOKEN_REFUSED: {
    title: 'this token is not valid',
    fix: 'use the one in LOTUS_HOME/token, or in LOTUS_HTTP_TOKEN where that is set',
  },
  TOKEN_TRIES: {
    title: 'too many wrong tokens in a short time',
    fix: 'wait a minute, then use the token in LOTUS_HOME/token',
    retryable: true,
  },
  TOKEN_PURPOSE: {
    title: 'this token is for another purpose',
    fix: 'make one for it: lotus token create --purpose api',
  },
  TOKEN_EQUAL: {
    title: 'this token exists already, and no two may be equal',
    fix: 'leave it to LOTUS to make one: lotus token create',
  },
  TOKEN_WEAK: {
    title: 'this token is too easy to guess, or no header can carry it',
    fix: 'give at least 32 random visible signs (`openssl rand -hex 32` makes 64), or leave it to LOTUS',
  },
  TOKEN_LIMIT: {
    title: 'as many tokens are in force as may be',
    fix: 'revoke some: lotus token list, lotus token revoke ID',
  },
  TOKEN_TIME: {
    title: 'a token can’t end in the past',
    fix: 'say when it ends, for example --expires 30d',
  },
  TOKEN_UNKNOWN: {
    title: 'there is no such token',
    fix: 'see `lotus token list` for their ids',
  },
  TOKENS_UNREADABLE: {
    title: 'the list of tokens is damaged',
    fix: 'remove tokens.json in LOTUS_HOME, then make the tokens anew; until then none of them holds',
  },
  GRANT_REFUSED: { title: 'this folder can’t be granted', fix: 'name a folder of your own that is not private' },
  GRANT_UNKNOWN: { title: 'this folder is not granted', fix: 'see `lotus grant` for those that are' },
  GRANTS_UNREADABLE: {
    title: 'the list of granted folders is damaged',
    fix: 'repair or remove grants.json in LOTUS_HOME; until then nothing is granted',
  },
  PLATFORM_UNSUPPORTED: {
    title: 'this kernel can’t open files beneath a folder safely, so file actions are refused',
    fix: 'use Linux 5.6 or newer, outside of a container that forbids openat2',
  },
})
