// a nucleus's store in a process of its own, to be killed: says `open DIALECT` and stays.
import { join } from 'node:path'
import pino from 'pino'
import { openStoreWithFallback } from '../../../../nucleus/infrastructure/postgres/fallback.ts'
import { openSqliteStore } from '../../../../nucleus/infrastructure/sqlite/store.ts'

const [folder = '', url = ''] = process.argv.slice(2)
const openEmbedded = () => openSqliteStore(join(folder, 'store.db'))
const store = await openStoreWithFallback({ url, folder, openEmbedded, log: pino({ level: 'silent' }) })
process.stdout.write(`open ${store.resource.dialect}\n`)
process.stdin.resume()
