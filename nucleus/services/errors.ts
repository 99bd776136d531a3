// what can go wrong between a caller and the service that it calls.
import { defineErrors } from '../errors.ts'

export const serviceErrors = defineErrors({
  SERVICE_UNAVAILABLE: {
    title: 'nobody provides this service right now',
    fix: '`lotus status` shows which module is down and why; `lotus module load NAME` starts it',
    retryable: true,
  },
  SERVICE_REPLACED_SLOWLY: {
    title: 'the module behind this service took too long to be replaced',
    fix: 'try again; `lotus status` shows what the module is doing',
    retryable: true,
  },
  SERVICE_BUSY: {
    title: 'too many calls wait for this service while its module is replaced',
    fix: 'try again in a moment',
    retryable: true,
  },
  SERVICE_CALL_TIMED_OUT: {
    title: 'a service did not answer in time',
    fix: 'try again; `lotus status` shows how its module is',
    retryable: true,
  },
  SERVICE_METHOD_MISSING: {
    title: 'a service has no such method',
    fix: 'let the module that provides it implement every method of the contract',
  },
  SERVICE_OF_MANY: {
    title: 'this service may have several providers, or may not, and was asked for in the other way',
    fix: '`context.useAll` gives the providers of a service of kind many, `context.use` any other service',
  },
  SERVICE_TAKEN: {
    title: 'another module provides this service already',
    fix: 'unload that one first, or define the service with `many: true`',
  },
})
