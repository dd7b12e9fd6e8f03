/** The `sevenfold` command. Each command's work is in a file of its own; this one declares arguments and exit codes. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { exitWith } from '../exit.ts';
import { prepareFront } from '../split/thread.ts';
import { failureOf } from '../system/failure.ts';
import { version } from '../version.ts';

/** Exit status: 0 done; 1 the input was unreadable or cut short (what could be read was printed); 2 wrong usage. */
let status = 0;

const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(
        most === Number.MAX_SAFE_INTEGER
          ? `A whole number of at least ${least} is expected.`
          : `A whole number from ${least} to ${most} is expected.`,
      );
    }
    return value;
  };
const seconds = (text: string): number => {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || value < 0.000001) throw new InvalidArgumentError('Seconds are expected: 0.000001 or more.');
  return value;
};
const captureFile = (text: string): string => {
  if (text === '-') throw new InvalidArgumentError('Standard input is not read: write the capture to a file first.');
  return text;
};
/** The names that a shell has for this program's own output: another process captures. */
const OWN_OUTPUT = /^(?:-|\/dev\/std(?:in|out|err)|\/dev\/fd\/.*|\/proc\/[^/]+\/fd\/.*)$/;
const captureOutput = (text: string): string => {
  if (OWN_OUTPUT.test(text)) throw new InvalidArgumentError('Packets are not written to standard output: name a file.');
  return text;
};
const collect = (text: string, before: string[]): string[] => [...before, text];

const program = new Command('sevenfold')
  .description('Packet capture and protocol dissector. With FILE, or without any command, opens the app.')
  .version(version, '-v, --version')
  .argument('[file]', 'capture file to open in the app', captureFile)
  .showHelpAfterError('(sevenfold --help lists the commands)')
  .exitOverride()
  .allowExcessArguments()
  .action(async (file: string | undefined, _: object, command: Command) => {
    // A command that was misspelt is taken for the file.
    if (command.args.length > 1) command.error(`error: "${file}" is no command, and the app opens one file only.`);
    const { runApp } = await import('./app.ts');
    status = await runApp({ file });
  });

program
  .command('serve')
  .description('open the app in the browser, over a loopback address')
  .argument('[file]', 'capture file', captureFile)
  .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65535), 0)
  .option('--no-open', 'do not start a browser, print the address only')
  .action(async (file: string | undefined, options: { port: number; open: boolean }) => {
    const { runServe } = await import('./serve.ts');
    status = await runServe({ file, ...options });
  });

program
  .command('interfaces')
  .description('list the interfaces that can be captured on')
  .option('--json', 'as JSON')
  .action(async (options: { json?: boolean }) => {
    const { runInterfaces } = await import('./interfaces.ts');
    status = await runInterfaces({ json: options.json === true });
  });

program
  .command('capture')
  .description('capture to a file')
  .option('-i, --interface <name>', 'interface; may be repeated to capture on several at once', collect, [])
  .option('-f, --filter <bpf>', 'capture filter, in libpcap syntax', '')
  .option(
    '-w, --write <file>',
    'file to write (pcapng), in place of one that is there; one named after interface and time without it',
    captureOutput,
  )
  .option('-c, --count <n>', 'stop after n packets', wholeNumber(1))
  .option('-a, --autostop <condition>', 'stop after duration:SECONDS or filesize:KB; may be repeated', collect, [])
  .option(
    '-b, --ring <condition>',
    'next file after filesize:KB or duration:SECONDS; files:N keeps the newest N; may be repeated',
    collect,
    [],
  )
  .option('--backend <name>', 'auto (dumpcap where it works, else cap), cap or dumpcap', 'auto')
  .action(async (options) => {
    if (options.interface.length === 0) {
      process.stderr.write('sevenfold: capture needs an interface: -i NAME. "sevenfold interfaces" lists them.\n');
      status = 2;
      return;
    }
    const { runCapture } = await import('./capture.ts');
    status = await runCapture(options);
  });

program
  .command('info')
  .description('what a capture file is: format, packets, times, without dissecting')
  .argument('<file>', 'capture file', captureFile)
  .option('--json', 'as JSON')
  .action(async (file: string, options: { json?: boolean }) => {
    const { runInfo } = await import('./info.ts');
    status = await runInfo({ file, json: options.json === true });
  });

program
  .command('dissect')
  .description('print packets: one line each, or their fields')
  .argument('<file>', 'capture file', captureFile)
  .option('-Y, --filter <filter>', 'display filter', '')
  .option('-c, --count <n>', 'read only the first n packets', wholeNumber(1))
  .option('-2, --two-pass', 'read the whole capture first: packets also name later ones, and connections say how they ended')
  .option('-T, --type <type>', 'text, fields or json', 'text')
  .option('-V, --verbose', 'with text: every layer and field')
  .option('-e, --field <field>', 'with fields: a field to print; may be repeated', collect, [])
  .option(
    '-E, --option <name=value>',
    'with fields: header=y|n, separator=/t|/s|c, occurrence=f|l|a, aggregator=,|/s|c, quote=d|s|n',
    collect,
    [],
  )
  .action(async (file: string, options) => {
    const { runDissect } = await import('./dissect.ts');
    status = await runDissect({ file, ...options });
  });

program
  .command('connections')
  .description('one row per TCP connection: endpoints, handshake, close, times, bytes')
  .argument('<file>', 'capture file', captureFile)
  .option('-Y, --filter <filter>', 'only connections with a packet that matches', '')
  .option('--json', 'one JSON object per line')
  .option('--certificates', 'with --json: what the certificates of the TLS servers say')
  .action(async (file: string, options: { filter: string; json?: boolean; certificates?: boolean }) => {
    const { runConnections } = await import('./connections.ts');
    const { filter, json = false, certificates = false } = options;
    status = await runConnections({ file, filter, json, certificates });
  });

program
  .command('http')
  .description('one row per HTTP request and its response')
  .argument('<file>', 'capture file', captureFile)
  .option('--json', 'one JSON object per line')
  .action(async (file: string, options: { json?: boolean }) => {
    const { runHttp } = await import('./http.ts');
    status = await runHttp({ file, json: options.json === true });
  });

program
  .command('follow')
  .description('what both sides of a stream sent')
  .argument('<file>', 'capture file', captureFile)
  .requiredOption(
    '--stream <stream>',
    'tcp:N, udp:N, tls:N, http:N or http2:N[,S], with the number that tcp.stream, udp.stream and http2.streamid show',
  )
  .option('--as <form>', 'ascii, hex or raw (hexadecimal without offsets)', 'ascii')
  .option('--node <n>', 'one side only: 0 sent the first packet, 1 is the other')
  .option('-w, --write <file>', 'write the bytes themselves to a file, in place of one that is there, instead of printing')
  .action(async (file: string, options) => {
    const { runFollow } = await import('./follow.ts');
    status = await runFollow({ file, ...options });
  });

program
  .command('account')
  .description('what happened on a TCP connection, or on one of its HTTP exchanges, in words, with the packets that prove it')
  .argument('<file>', 'capture file', captureFile)
  .requiredOption('--stream <stream>', 'tcp:N, with the number that tcp.stream shows')
  .option('--exchange <position>', 'of the HTTP exchange with this position on the connection, from 1')
  .option('--json', 'one JSON object per sentence and line')
  .action(async (file: string, options) => {
    const { runAccount } = await import('./account.ts');
    status = await runAccount({ file, ...options, json: options.json === true });
  });

program
  .command('stats')
  .description('statistics: protocols, conversations, endpoints, lengths, io (packets over time), expert (notes)')
  .argument('<file>', 'capture file', captureFile)
  .argument('<table>', 'protocols, conversations, endpoints, lengths, io or expert')
  .option('-Y, --filter <filter>', 'count only packets that match', '')
  .option('--interval <seconds>', 'with io: length of an interval', seconds, 1)
  .option('--json', 'one JSON object per line')
  .action(async (file: string, table: string, options) => {
    const { runStats } = await import('./stats.ts');
    status = await runStats({ file, table, ...options, json: options.json === true });
  });

program
  .command('export')
  .description('write packets to a file: capture, JSON or CSV; or HTTP: HAR, bodies as files')
  .argument('<file>', 'capture file', captureFile)
  .requiredOption(
    '-o, --output <file>',
    'file to write, in place of one that is there; its ending chooses: .pcapng, .pcap, .json, .csv; .har for HTTP exchanges, .zip for HTTP bodies',
  )
  .option('--objects', 'write the HTTP bodies as files, into the new or empty folder that -o names')
  .option('-Y, --filter <filter>', 'only packets that match', '')
  .action(async (file: string, options) => {
    const { runExport } = await import('./export.ts');
    status = await runExport({ file, ...options });
  });

// Commands that dissect take the user's choice of protocols, and a key log.
for (const command of program.commands) {
  if (!['dissect', 'connections', 'follow', 'stats', 'export', 'http', 'account'].includes(command.name())) continue;
  command
    .option(
      '-d, --decode-as <choice>',
      'take a port for a protocol, as tcp.port==8888,http or udp.port==5000-5010,rtp; may be repeated',
      collect,
      [],
    )
    .option('--keylog <file>', 'decrypt TLS with the secrets in a key log, as SSLKEYLOGFILE has programs write it')
    .hook('preAction', async (_, chosen) => {
      // Before the program that it works for is loaded.
      prepareFront(String(chosen.args[0]));
      const { keylog } = chosen.opts() as { keylog?: string };
      if (keylog !== undefined) {
        const { useKeyLog } = await import('./load.ts');
        if (!(await useKeyLog(keylog))) throw new CommanderError(1, 'key-log', '');
      }
      const wanted: string[] = chosen.opts().decodeAs;
      if (wanted.length === 0) return;
      await import('../protocols/index.ts');
      const { applyDecodeAs, parseDecodeAs } = await import('../dissect/decode-as.ts');
      const choices = wanted.map((text) => parseDecodeAs(text));
      const wrong = choices.find((choice) => typeof choice === 'string');
      if (wrong !== undefined) throw new CommanderError(2, 'decode-as', String(wrong));
      applyDecodeAs(choices.filter((choice) => typeof choice !== 'string'));
    });
}

// A reader that goes away (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(status);
  process.stderr.write(`sevenfold: ${failureOf(error, 'standard output').message}\n`);
  process.exit(1);
});

// Where nobody reads what is said any more (`2>&1 | head`, a terminal that was closed), the work goes on: a capture above all.
process.stderr.on('error', () => {});

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      status = error.exitCode === 0 ? 0 : error.code === 'key-log' ? 1 : 2;
      if (error.code === 'decode-as') process.stderr.write(`sevenfold: ${error.message}\n`);
    } else {
      process.stderr.write(`sevenfold: ${error instanceof Error ? error.message : String(error)}\n`);
      status = 1;
    }
  }
  exitWith(status);
}

void main();
