/** how the tests run: files in processes of their own, two at a time. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// the data folder lies beside the checkout unless LOTUS_DATA says otherwise; without either,
// suites that need it are skipped (scripts/test.sh refuses to do that unasked)
const besideCheckout = fileURLToPath(new URL('../shared/data', import.meta.url))
const withoutData = process.env['LOTUS_WITHOUT_DATA'] === '1'
const dataFolder = process.env['LOTUS_DATA'] ?? (existsSync(besideCheckout) ? besideCheckout : undefined)

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/bench/**', '**/node_modules/**'],
    // processes and not threads: tests start daemons, change folders and signal themselves, and
    // a native part that crashes takes only its own file with it
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 5_000,
    // a test that forgets to put the environment or a spy back must not fail its neighbour
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    env: { NO_COLOR: '1', ...(dataFolder === undefined || withoutData ? {} : { LOTUS_DATA: dataFolder }) },
  },
})
