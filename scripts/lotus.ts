// the lotus command. it loads as little as it can: every goal waits for it.
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
// on before anything else is imported, which is why the rest is; the shell wrapper sets it earlier still.
if (process.env['NODE_COMPILE_CACHE'] === undefined) module.enableCompileCache(join(root, '.runtime', 'compile-cache'))

const { argumentsAreText } = await import('./client/broken-text.ts')
const args = process.argv.slice(2)
const areText = argumentsAreText(args)
process.title = 'lotus'
const { main } = await import('./client/main.ts')
process.exitCode = await main(root, args, process.env, areText)
// the cache is only written when a process ends by itself, and a handle left open must not keep a person waiting.
module.flushCompileCache()
setTimeout(() => process.exit(), 250).unref()
