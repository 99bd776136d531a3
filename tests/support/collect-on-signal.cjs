// loaded into a process of a test: SIGUSR2 has its garbage collected, so that what stays can be told from what is not yet gone.
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('SIGUSR2', () => {
  collect()
  collect()
})
