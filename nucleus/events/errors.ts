// the errors of events and of the journal behind them.
import { defineErrors } from '../errors.ts'

export const eventErrors = defineErrors({
  INVALID_EVENT: {
    title: 'the event’s data doesn’t fit its definition',
    fix: 'give it what the definition’s schema asks for',
  },
  EVENT_TOO_LARGE: {
    title: 'the event is too large for the journal',
    fix: 'keep the content in a file or in the store, and its name in the event; the limit is 1 MiB',
  },
  EVENT_NOT_PLAIN: {
    title: 'the event’s data can’t be written as JSON',
    fix: 'use plain data only: no bigints, no cycles',
  },
  BUS_CLOSED: {
    title: 'the event bus has been closed',
    fix: 'LOTUS is stopping; emit again when it is back',
    retryable: true,
  },
  HANDLER_TIMEOUT: {
    title: 'the handler did not end in time',
    fix: 'make it faster, or raise `timeoutMs` of its subscription',
    retryable: true,
  },
  JOURNAL_BUSY: {
    title: 'too many events wait to be written',
    fix: 'await `emit` before the next one, so that the journal can keep up',
    retryable: true,
  },
  JOURNAL_CLOSED: {
    title: 'the journal has been closed',
    fix: 'LOTUS is stopping; emit again when it is back',
    retryable: true,
  },
  JOURNAL_ORDER: {
    title: 'the event’s id is not greater than those in the journal',
    fix: 'make ids with createIdentifier, and append events in the order of their ids',
  },
  INVALID_POSITION: {
    title: 'this is not a position in the journal',
    fix: 'use the id of an event, as GET /events gives it',
  },
  EVENT_UNKNOWN: {
    title: 'the journal has no event with this id',
    fix: 'take the id from `lotus events tail`; old events are dropped once everybody has handled them',
  },
  GROUP_TAKEN: {
    title: 'the durable group has a subscription already',
    fix: 'give one of the two subscriptions a `name` of its own',
  },
  GROUP_UNKNOWN: {
    title: 'there is no durable group of this name',
    fix: 'take a name from the journal’s statistics',
  },
  DEAD_LETTER_UNKNOWN: {
    title: 'there is no such dead letter',
    fix: 'take group and event from the list of dead letters',
  },
})
