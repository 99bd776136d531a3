// the gateway's public face is HTTP, described by docs/reference/endpoints.md; it offers no service and emits no event.

/**
 * what a line of POST /goals with `Accept: application/x-ndjson` tells, as its `type`: first `accepted`, then any number
 * of `progress` and `confirmation`, `reminders` where some have come due and are still to be told, in the end `outcome` or
 * `error`. a client passes over types that it doesn't know.
 */
export type GoalLineType = 'accepted' | 'progress' | 'confirmation' | 'reminders' | 'outcome' | 'error'
