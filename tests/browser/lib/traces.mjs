// Traces of other tools, as files that the page opens.

const EPOCH = 1_795_512_600_000_000_000n;

/** A trace as OpenTelemetry has it: `[name, start, end]` in milliseconds, a model call each. */
export function otlp(calls) {
  const time = (ms) => String(EPOCH + BigInt(Math.round(ms * 1e6)));
  const attribute = (key, value) => ({
    key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  });
  const id = (number) => String(number).padStart(16, '0');
  const traceId = '00000000000000000000000000000007';
  const end = calls.reduce((latest, [, , end]) => Math.max(latest, end), 0);
  const workflow = {
    traceId,
    spanId: id(1),
    name: 'run',
    kind: 1,
    status: {},
    startTimeUnixNano: time(0),
    endTimeUnixNano: time(end),
    attributes: [attribute('gen_ai.operation.name', 'invoke_workflow')],
  };
  const spans = calls.map(([name, start, end], at) => ({
    traceId,
    spanId: id(at + 2),
    parentSpanId: id(1),
    name: `chat ${name}`,
    kind: 1,
    status: {},
    startTimeUnixNano: time(start),
    endTimeUnixNano: time(end),
    attributes: [
      attribute('gen_ai.operation.name', 'chat'),
      attribute('gen_ai.agent.name', name),
      attribute('gen_ai.request.model', 'gemini-3-flash'),
      attribute('gen_ai.usage.input_tokens', 120),
      attribute('gen_ai.usage.output_tokens', 34),
    ],
  }));
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans: [workflow, ...spans] }] }] });
}
