// Writes one line per step for run.sh; the journey's own output is passed on to standard error.
export default async function* reporter(source) {
  for await (const { type, data } of source) {
    // A file is a test, too, in some versions of Node; only the journey's tests are steps.
    if (type === 'test:pass' && !isFile(data)) {
      yield data.skip === undefined ? `ok ${data.name}\n` : `skipped ${data.name} (${data.skip})\n`;
    } else if (type === 'test:fail' && !isFile(data)) {
      const error = data.details.error.cause ?? data.details.error;
      yield `FAILED ${data.name}: ${String(error.message ?? error).replace(/\s+/g, ' ')}\n`;
      console.error(error);
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      console.error(data.message);
    }
  }
}

const isFile = (data) => data.name.endsWith('.mjs');
