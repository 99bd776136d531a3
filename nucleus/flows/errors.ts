// the errors of durable flows.
import { defineErrors } from '../errors.ts'

export const flowErrors = defineErrors({
  FLOW_UNKNOWN: {
    title: 'there is no such flow',
    fix: 'take an id from `lotus flows list`; flows that ended long ago are forgotten',
  },
  FLOW_TAKEN: {
    title: 'this process has code for flows of this name already',
    fix: 'release the other code first, or give one of the two another name',
  },
  FLOW_CONFLICT: {
    title: 'the id belongs to another flow',
    fix: 'start each flow under an id of its own',
  },
  FLOW_ENDED: {
    title: 'the flow has ended and takes no more messages',
    fix: 'look at its result with `lotus flows show`',
  },
  FLOW_BUSY: {
    title: 'too many messages wait for the flow',
    fix: 'send more when it has taken some',
    retryable: true,
  },
  FLOW_STILL_RUNNING: {
    title: 'the flow has not ended in this time',
    fix: 'ask again later: it goes on',
    retryable: true,
  },
  FLOW_NOT_DETERMINISTIC: {
    title: 'the flow did something else than in its earlier life',
    fix: 'put whatever differs from run to run into a step; let flows end before their code is changed',
  },
  FLOW_VALUE_TOO_LARGE: {
    title: 'the value is too large for a flow',
    fix: 'keep it in a file or in the store and give the flow its name; the limit is 1 MiB',
  },
  FLOW_VALUE_NOT_PLAIN: {
    title: 'the value can’t be written as JSON',
    fix: 'use plain data only: no bigints, no functions, no cycles',
  },
  FLOW_STEP_TIMED_OUT: {
    title: 'the step did not end in time',
    fix: 'make it faster, or raise its `timeoutMs`',
    retryable: true,
  },
  FLOW_CANCELLED: {
    title: 'the flow was cancelled',
    fix: 'start another one under a new id if it was a mistake',
  },
  FLOW_SUSPENDED: {
    title: 'the flow is suspended here',
    fix: 'nothing is to be done: it is taken up where its code and its journal are',
    retryable: true,
  },
  FLOWS_CLOSED: {
    title: 'the flows have been closed',
    fix: 'LOTUS is stopping; ask again when it is back',
    retryable: true,
  },
  FLOWS_BUSY: {
    title: 'another nucleus makes the tables of durable flows, and does not come to an end',
    fix: 'look at Postgres for what it waits for; it is tried again by itself',
    retryable: true,
  },
  FLOWS_PACKAGE_MISSING: {
    title: 'durable flows on Postgres need a package that is not installed',
    fix: 'run `npm ci` without `--omit=optional`, or unset LOTUS_POSTGRES_URL',
  },
  FLOWS_INLINE_ONLY: {
    title: 'durable flows are not offered to a module in a process of its own',
    fix: 'let the module run inline (`isolation` in its manifest), or do its durable work in handlers of journaled events',
  },
  FLOW_STEP_NESTED: {
    title: 'a step was begun inside another step',
    fix: 'call `flow.step` from the flow itself; inside a step call plain functions',
  },
})
