// a client process: connects to a socket and passes bytes both ways, so that a test speaks with its credentials.
import { connect } from 'node:net'

const socket = connect(process.argv[2] ?? '')
process.stdin.pipe(socket).pipe(process.stdout)
for (const stream of [socket, process.stdin, process.stdout]) stream.on('error', () => process.exit(0))
socket.on('close', () => process.exit(0))
