// Runs generated programs for the host's tests, without a network and without waiting.
//
// Reads a list of cases from standard input and writes what each program did: when it asked whom,
// what it printed, which error ended it. Time is virtual: when nothing is left to do, it jumps to
// the next answer.

import { readFileSync } from "node:fs";
import { setMaxListeners } from "node:events";
import vm from "node:vm";

const said = (raised) => raised.message.replace(/^500 /, "");

async function run({ program, calls }) {
    const starts = {};
    const unknown = [];
    let printed = "";
    let error = null;
    let failure = null;
    let now = 0;
    const timers = [];

    const after = (micros, signal) =>
        new Promise((resolve, reject) => {
            const aborted = () => reject(new Error("aborted"));
            if (signal?.aborted) return aborted();
            if (signal) setMaxListeners(0, signal);
            signal?.addEventListener("abort", aborted);
            timers.push({ at: now + micros, resolve });
        });

    async function fetch(url, { method, headers, body, signal }) {
        if (url !== "https://api.openai.com/v1/chat/completions" || method !== "POST")
            throw new Error(`asked ${url}`);
        if (headers.Authorization !== "Bearer none") throw new Error("asked without the key");
        const said = {};
        for (const { role, content } of JSON.parse(body).messages) {
            // In words, whatever picture goes with it.
            said[role] = typeof content === "string" ? content : content[0].text;
        }
        if (signal?.aborted) throw new Error("aborted");
        const call = calls.find((c) => c.system === (said.system ?? "") && c.user === said.user);
        if (call === undefined) {
            unknown.push(now);
            await after(3_600_000_000, signal);
            throw new Error("asked what nobody asks");
        }
        starts[call.agent] = now;
        await after(call.micros, signal);
        if (call.answer === null)
            return { ok: false, status: 500, text: async () => "ConnectionError" };
        return { ok: true, json: async () => ({ choices: [{ message: { content: call.answer } }] }) };
    }

    const console = { log: (text) => (printed += `${text}\n`), error: (raised) => (failure = raised) };
    const getBuiltinModule = () => ({ readFileSync });
    const process = { env: { OPENAI_API_KEY: "none" }, getBuiltinModule };
    const context = vm.createContext({ fetch, console, process, AbortController, AbortSignal, btoa });
    let ended = false;
    const end = (message) => {
        ended = true;
        error = message;
    };
    try {
        // The last line of a program is the promise of its end.
        vm.runInContext(program, context).then(
            () => end(failure && said(failure)),
            (raised) => end(said(raised)),
        );
    } catch (raised) {
        end(String(raised));
    }
    while (!ended) {
        await new Promise(setImmediate);
        if (ended) break;
        if (timers.length === 0) {
            end("the program waits for ever");
            break;
        }
        const next = timers.reduce((first, timer) => (timer.at < first.at ? timer : first));
        timers.splice(timers.indexOf(next), 1);
        now = next.at;
        next.resolve();
    }
    return { starts, unknown, printed, error };
}

const did = [];
for (const one of JSON.parse(readFileSync(0, "utf8"))) did.push(await run(one));
process.stdout.write(JSON.stringify(did));
