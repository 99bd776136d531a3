// the errors of a connection between two processes of LOTUS.
import { defineErrors } from '../errors.ts'

export const wireErrors = defineErrors({
  WIRE_CLOSED: {
    title: 'the connection has ended before the answer came',
    fix: 'try again; `lotus status` shows whether the other side runs',
    retryable: true,
  },
  WIRE_UNREACHABLE: {
    title: 'nobody answers at this socket',
    fix: 'start LOTUS with ./start_lotus.sh, then try again',
    retryable: true,
  },
  WIRE_TIMED_OUT: {
    title: 'no answer came in time',
    fix: 'try again; `lotus status` shows whether the other side is healthy',
    retryable: true,
  },
  WIRE_CANCELLED: { title: 'the call was cancelled', fix: 'call it again if that was not meant' },
  WIRE_BUSY: {
    title: 'too many calls are under way on this connection',
    fix: 'wait for some of them to end',
    retryable: true,
  },
  WIRE_FRAME_TOO_LARGE: {
    title: 'a message is larger than the connection carries',
    fix: 'ask for less at once: fewer rows, a smaller part of a file',
  },
  WIRE_MALFORMED: { title: 'a message is not what the protocol says', fix: 'both sides must be of the same LOTUS' },
  WIRE_METHOD_UNKNOWN: {
    title: 'the other side has no such method',
    fix: 'both sides must be of the same LOTUS; restart it after an update',
  },
})
