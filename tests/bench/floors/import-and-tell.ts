// the least that a module in a process of its own can be: a fork that imports its file and says so.
await import(process.argv[2]!)
process.send?.('ready')
