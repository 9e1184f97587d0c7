// As Trunk starts an app by itself.
import init from './counter.js';

await init({ module_or_path: './counter_bg.wasm' });
