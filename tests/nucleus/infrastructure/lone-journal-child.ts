// a nucleus's journal in a process of its own, to be killed: says `open BACKEND` and stays.
import pino from 'pino'
import { openJournal } from '../../../nucleus/infrastructure/journal.ts'

const [folder = '', redisUrl] = process.argv.slice(2)
const journal = await openJournal({ folder, redisUrl, durability: 'normal', log: pino({ level: 'silent' }) })
process.stdout.write(`open ${journal.backend}\n`)
// what opens a journal keeps no process alive; the parent's end does.
process.stdin.resume()
