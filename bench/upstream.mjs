#!/usr/bin/env node
// The people API of the benchmark, with configurable latency and faults. Plain Node, no packages, 127.0.0.1 only.
//
//   node bench/upstream.mjs --port 18080 --people 1000 --latency 50 --sigma 1 --error-rate 0.1
//
//   GET /people?active=true&page=1&size=500   {"items":[{"id","name"}],"next":"/people?…"|null}
//   GET /people/{id}/{section}                {"id":…,"<section>":[…]}
//   GET /stats[?reset=1]                      counters since the last reset
//
// Latencies are in milliseconds; rates are shares of the section calls (0..1). Everything is a fixed function of the path
// (and of the attempt, for faults), so a run is repeatable and its ideal time can be computed: see latency.py.
import {createServer} from 'node:http';
import {parseArgs} from 'node:util';

const number = value => ({type: 'string', default: String(value)});
const {values: option} = parseArgs({options: {
  port: number(18080), people: number(1000), 'page-size': number(500), token: {type: 'string', default: ''},
  latency: number(0), sigma: number(0), 'retry-after': number(1), 'faults-once': {type: 'boolean', default: false},
  'error-rate': number(0), 'hang-rate': number(0), 'reset-rate': number(0), 'malformed-rate': number(0),
  'throttle-rate': number(0), 'huge-rate': number(0),
}});
const setting = name => {
  const value = Number(option[name]);
  if (Number.isFinite(value) && value >= 0) return value;
  console.error(`--${name} must be a number of 0 or more, not "${option[name]}"`);
  process.exit(2);
};
const [port, people, pageSize, latency, sigma, retryAfter] =
  ['port', 'people', 'page-size', 'latency', 'sigma', 'retry-after'].map(setting);
const faults = ['error', 'hang', 'reset', 'malformed', 'throttle', 'huge']
  .map(kind => [kind, setting(`${kind}-rate`)]).filter(([, rate]) => rate > 0);

/** A number from 0 to 1 for a text: 32-bit FNV-1a, with mixed bits because the texts differ in few characters. */
function share(text) {
  let bits = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) bits = Math.imul(bits ^ text.charCodeAt(at), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  return ((bits ^ (bits >>> 13)) >>> 0) / 2 ** 32;
}

/** Milliseconds until the answer: the latency, or log-normal with the latency as median (Box-Muller). */
function waitFor(path) {
  if (!sigma) return latency;
  const radius = Math.sqrt(-2 * Math.log(Math.max(share(path + 'u'), 1e-9)));
  return latency * Math.exp(sigma * radius * Math.cos(2 * Math.PI * share(path + 'v')));
}

const attempts = new Map();
function faultOf(path) {
  if (!faults.length) return;
  const attempt = 1 + (attempts.get(path) ?? 0);
  attempts.set(path, attempt);
  if (option['faults-once'] && attempt > 1) return;
  let left = share(option['faults-once'] ? path : `${path}#${attempt}`);
  return faults.find(([, rate]) => (left -= rate) < 0)?.[0];
}

const sections = {
  patents: n => [{number: `P${n}-1`, title: `Method ${n % 97} for topic ${n % 13}`, date: `2020-01-0${1 + n % 9}`}],
  memberships: n => [{organization: `Society ${n % 31}`, since: '2015', until: '2024'}],
  geography: n => [{city: `City ${n % 101}`, country: 'US', since: '2010', until: '2024'},
    {city: 'Says "hi", twice', country: 'DE'}], // needs quotes in CSV
  functions: n => [{code: `F${n % 17}`, title: `=Function ${n % 17}`, patents: n % 5}], // looks like a formula
};

let counts;
const resetCounts = () => {
  counts = {requests: 0, section_calls: 0, max_in_flight: 0, faults: {}, statuses: {}};
  attempts.clear();
};
const countOne = (group, key) => { group[key] = 1 + (group[key] ?? 0); };
let inFlight = 0;
resetCounts();

function answer(response, status, body, headers) {
  countOne(counts.statuses, status);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers});
  response.end(text);
}

function answerStats(response, query) {
  response.end(JSON.stringify({...counts, distinct_faulted: attempts.size})); // does not count itself
  if (query.get('reset')) resetCounts();
}

function answerPeople(response, query) {
  const page = Number(query.get('page') ?? 1);
  const size = Math.min(Number(query.get('size') ?? pageSize), pageSize);
  const first = (page - 1) * size;
  const items = Array.from({length: Math.max(0, Math.min(size, people - first))},
    (_, n) => ({id: `p:${first + n}`, name: `Person ${first + n}`}));
  const next = first + size < people ? `/people?active=true&page=${page + 1}&size=${size}` : null;
  answer(response, 200, {items, next});
}

function answerSection(response, path, id, section) {
  const n = Number(decodeURIComponent(id).replace('p:', ''));
  if (!sections[section] || !(n >= 0 && n < people)) return answer(response, 404, {error: 'no such person or section'});
  counts.section_calls++;
  counts.max_in_flight = Math.max(counts.max_in_flight, ++inFlight);
  response.on('close', () => { inFlight--; });
  const fault = faultOf(path);
  if (fault) countOne(counts.faults, fault);
  const start = `{"id":"p:${n}","${section}":[{`;
  const respond = {
    error: () => answer(response, 500, {error: 'upstream failed'}),
    hang: () => {}, // until the client's time-out
    reset: () => response.socket?.destroy(),
    malformed: () => answer(response, 200, start),
    throttle: () => answer(response, 429, {error: 'slow down'}, {'retry-after': String(retryAfter)}),
    huge: () => answer(response, 200, `${start}"title":"${'x'.repeat(64 << 20)}"}]}`),
  }[fault] ?? (() => answer(response, 200, {id: `p:${n}`, [section]: sections[section](n)}));
  const wait = waitFor(path);
  if (wait) setTimeout(respond, wait); else respond();
}

createServer((request, response) => {
  const {pathname, searchParams} = new URL(request.url, 'http://127.0.0.1');
  if (pathname === '/stats') return answerStats(response, searchParams);
  counts.requests++;
  if (option.token && request.headers.authorization !== `Bearer ${option.token}`) {
    return answer(response, 401, {error: 'unauthorized'});
  }
  if (pathname === '/people') return answerPeople(response, searchParams);
  const [, id, section] = pathname.match(/^\/people\/([^/]+)\/(\w+)$/) ?? [];
  if (!id) return answer(response, 404, {error: 'no such person or section'});
  answerSection(response, pathname, id, section);
}).listen({port, host: '127.0.0.1', backlog: 8192}, function () {
  console.log(`upstream on http://127.0.0.1:${this.address().port}`);
});
