// what can be wrong with a reminder, and what to do about it.
import { defineErrors } from '../../../nucleus/errors.ts'

export const perceptionReminderErrors = defineErrors({
  TIME_ZONE_UNKNOWN: {
    title: 'this time zone is not known',
    fix: 'use an IANA name such as Europe/Berlin, or unset TZ',
  },
  REMINDER_TIME_MISSING: {
    title: 'a reminder needs a time',
    fix: 'say when: in 45 minutes, at 18:30, tomorrow at 9, every monday at 8',
  },
  REMINDER_TIME_INVALID: {
    title: 'this is not a time a reminder can have',
    fix: 'say when: in 45 minutes, at 18:30, tomorrow at 9, every monday at 8',
  },
  REMINDER_TIME_PAST: {
    title: 'that moment is over',
    fix: 'name a time that is still ahead',
  },
  REMINDER_TOO_OFTEN: {
    title: 'a reminder repeats once a minute at most',
    fix: 'choose a longer interval',
  },
  REMINDER_TEXT_INVALID: {
    title: 'a reminder has 1 to 2,000 characters of text',
    fix: 'shorten the text, or put it into a file and be reminded of that',
  },
  REMINDER_LIMIT_REACHED: {
    title: 'there are 10,000 reminders already',
    fix: 'cancel some: lotus run "cancel all timers"',
  },
  REMINDER_ARGUMENTS_INVALID: {
    title: 'a reminder tool was called with arguments that it does not take',
    fix: 'look at the schema of the tool: lotus run --help',
  },
  REMINDER_UNKNOWN: {
    title: 'there is no reminder with this id that waits or has come due',
    fix: 'look at `lotus reminders` for those that there are',
  },
  REMINDER_REPEATS: {
    title: 'this reminder repeats, and goes on after each time',
    fix: 'to end it say so: lotus run "cancel the reminder …"',
  },
  REMINDER_TOOL_UNKNOWN: {
    title: 'reminders have no such tool',
    fix: 'use reminders.add, reminders.list or reminders.cancel',
  },
})
