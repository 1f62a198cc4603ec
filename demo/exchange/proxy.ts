import { randomBytes } from 'node:crypto';
import type { After, Flow } from './flow.ts';
import {
  addressOf,
  contactKey,
  header,
  reply,
  withoutFirst,
  writeRequest,
  writeResponse,
  type Header,
  type SipRequest,
  type SipResponse,
} from './message.ts';
import { rank, type Branch, type Target, type Timers, type Transaction } from './transaction.ts';

const completedElsewhere = 'SIP;cause=200;text="Call completed elsewhere"';

/**
 * A transaction-stateful, record-routing, parallel-forking proxy (RFC 3261 §16) over reliable transports: nothing is retransmitted.
 * It knows connections and messages, not users: whoever owns it says where requests go.
 */
export class Proxy {
  readonly #via: string;
  readonly #route: string;
  readonly #after: After;
  readonly #timers: Timers;
  readonly #answered: (request: SipRequest, status: number) => void;
  readonly #learn: (contact: string, flow: Flow) => void;
  readonly #transactions = new Map<string, Transaction>();
  readonly #branches = new Map<string, { readonly transaction: Transaction; readonly branch: Branch }>();
  readonly #flows = new WeakMap<Flow, string>();
  #count = 0;

  /** `hostport`: the exchange's own. `answered` hears each final answer, `learn` where a Contact lives. */
  constructor(
    hostport: string,
    after: After,
    timers: Timers,
    answered: (request: SipRequest, status: number) => void,
    learn: (contact: string, flow: Flow) => void,
  ) {
    this.#via = `SIP/2.0/WS ${hostport}`;
    this.#route = `<sip:${hostport};transport=ws;lr>`;
    this.#after = after;
    this.#timers = timers;
    this.#answered = answered;
    this.#learn = learn;
  }

  #key(flow: Flow, request: SipRequest, method: string): string {
    let id = this.#flows.get(flow);
    if (id === undefined) {
      this.#count += 1;
      id = String(this.#count);
      this.#flows.set(flow, id);
    }
    return `${id} ${request.branch} ${method}`;
  }

  /** Takes a retransmission, a CANCEL, or the ACK of a refusal; false: the request is new. */
  absorb(flow: Flow, request: SipRequest): boolean {
    if (request.method === 'ACK') {
      const invite = this.#transactions.get(this.#key(flow, request, 'INVITE'));
      if (!invite) return false;
      if (invite.final !== null && invite.final >= 300) this.#transactions.delete(invite.key);
      return true;
    }
    if (request.method === 'CANCEL') {
      const tag = randomBytes(6).toString('hex');
      const invite = this.#transactions.get(this.#key(flow, request, 'INVITE'));
      flow.send(invite ? reply(request, 200, 'OK', invite.tag) : reply(request, 481, 'Call/Transaction Does Not Exist', tag));
      if (invite && invite.final === null) {
        invite.cancelled = true;
        const why = header(request, 'Reason');
        for (const branch of invite.branches) this.#cancel(invite, branch, why);
      }
      return true;
    }
    const known = this.#transactions.get(this.#key(flow, request, request.method));
    if (known?.last) flow.send(known.last);
    return known !== undefined;
  }

  /** Answers by itself. */
  answer(flow: Flow, request: SipRequest, status: number, reason: string, extra: readonly Header[] = []): void {
    if (request.method === 'ACK') return;
    const transaction = this.#open(flow, request);
    this.#finish(transaction, status, reply(request, status, reason, transaction.tag, extra));
  }

  /** Passes an ACK on: it is no transaction of its own and gets no answer. */
  acknowledge(request: SipRequest, target: Target): void {
    const headers = this.#forwarded(request, `z9hG4bK${randomBytes(8).toString('hex')}`, target);
    target.flow.send(writeRequest('ACK', target.uri, headers, request.body));
  }

  /** Passes a request on to one or several targets. */
  forward(flow: Flow, request: SipRequest, targets: readonly Target[]): void {
    const transaction = this.#open(flow, request);
    if (request.method === 'INVITE') this.#send(transaction, reply(request, 100, 'Trying', transaction.tag));
    for (const target of targets) {
      const id = `z9hG4bK${randomBytes(10).toString('hex')}`;
      const branch: Branch = {
        id,
        target,
        headers: this.#forwarded(request, id, target),
        state: 'calling',
        cancel: 'no',
        stopTimer: () => undefined,
      };
      transaction.branches.push(branch);
    }
    // Every branch is known before the first can fail.
    for (const branch of transaction.branches) {
      this.#branches.set(branch.id, { transaction, branch });
      const wait = request.method === 'INVITE' ? this.#timers.b : this.#timers.f;
      branch.stopTimer = this.#after(wait, () => this.#fail(transaction, branch, 408, 'Request Timeout'));
      if (!branch.target.flow.send(writeRequest(request.method, branch.target.uri, branch.headers, request.body))) {
        this.#fail(transaction, branch, 480, 'Temporarily Unavailable');
      }
    }
  }

  /** Takes a response from the connection that it came in on. */
  respond(flow: Flow, response: SipResponse): void {
    const found = this.#branches.get(response.branch);
    if (!found) return;
    const { transaction, branch } = found;
    // The answers to our own CANCELs end here.
    if (branch.target.flow !== flow || response.cseqMethod !== transaction.request.method || branch.state === 'done') return;
    const contact = header(response, 'Contact');
    if (contact !== null && response.status > 100 && response.status < 300) this.#learn(contactKey(addressOf(contact)), flow);
    const up = writeResponse(response.status, response.reason, withoutFirst(response.headers, 'Via'), response.body);

    if (response.status < 200) {
      if (transaction.request.method !== 'INVITE') return;
      branch.state = 'proceeding';
      branch.stopTimer();
      branch.stopTimer = this.#after(this.#timers.c, () => {
        this.#cancel(transaction, branch, null);
        this.#fail(transaction, branch, 408, 'Request Timeout');
      });
      if (branch.cancel === 'owed') this.#cancel(transaction, branch, null);
      if (response.status > 100 && transaction.final === null) this.#send(transaction, up);
      return;
    }
    this.#done(branch);
    if (transaction.request.method !== 'INVITE') {
      if (transaction.final === null) this.#finish(transaction, response.status, up);
      return;
    }
    if (response.status < 300) {
      // §16.7 step 5: every 2xx goes on at once, even one that crossed a CANCEL: the caller must end that call itself.
      const first = transaction.final === null;
      if (first) this.#finish(transaction, response.status, up);
      else transaction.flow.send(up);
      for (const other of transaction.branches) if (other !== branch) this.#cancel(transaction, other, completedElsewhere);
      return;
    }
    this.#acknowledgeRefusal(branch, response);
    transaction.refusals.push(response);
    this.#conclude(transaction);
  }

  /** A connection is gone: who called over it has given up, and who was called over it cannot be reached. */
  closed(flow: Flow): void {
    for (const { transaction, branch } of this.#branches.values()) {
      if (branch.target.flow === flow) this.#fail(transaction, branch, 480, 'Temporarily Unavailable');
    }
    for (const transaction of this.#transactions.values()) {
      if (transaction.flow !== flow) continue;
      for (const branch of transaction.branches) this.#cancel(transaction, branch, null);
      if (transaction.final === null) this.#answered(transaction.request, 487);
      this.#transactions.delete(transaction.key);
      transaction.final ??= 487;
    }
  }

  /** Ends every timer. */
  stop(): void {
    for (const { branch } of this.#branches.values()) branch.stopTimer();
    this.#branches.clear();
    this.#transactions.clear();
  }

  /** Live transactions and branches, for tests: both must come back to nothing. */
  get pending(): { readonly transactions: number; readonly branches: number } {
    return { transactions: this.#transactions.size, branches: this.#branches.size };
  }

  #open(flow: Flow, request: SipRequest): Transaction {
    const key = this.#key(flow, request, request.method);
    const tag = randomBytes(6).toString('hex');
    const transaction: Transaction = {
      key,
      flow,
      request,
      tag,
      branches: [],
      last: null,
      final: null,
      cancelled: false,
      refusals: [],
    };
    this.#transactions.set(key, transaction);
    return transaction;
  }

  #forwarded(request: SipRequest, branch: string, target: Target): readonly Header[] {
    const hops = Number(header(request, 'Max-Forwards') ?? 70) - 1;
    const rest = request.headers.filter(
      (h) => !['max-forwards', ...(target.extra ?? []).map((e) => e.name.toLowerCase())].includes(h.name.toLowerCase()),
    );
    const dialogue = request.toTag === null && ['INVITE', 'SUBSCRIBE', 'REFER', 'NOTIFY'].includes(request.method);
    return [
      { name: 'Via', value: `${this.#via};branch=${branch}` },
      ...(dialogue ? [{ name: 'Record-Route', value: this.#route }] : []),
      { name: 'Max-Forwards', value: String(hops) },
      ...rest,
      ...(target.extra ?? []),
    ];
  }

  #send(transaction: Transaction, text: string): void {
    transaction.last = text;
    transaction.flow.send(text);
  }

  #finish(transaction: Transaction, status: number, text: string): void {
    transaction.final = status;
    this.#send(transaction, text);
    this.#answered(transaction.request, status);
    // Kept for the ACK and for retransmissions (timers H and J).
    this.#after(this.#timers.f, () => this.#transactions.delete(transaction.key));
  }

  #done(branch: Branch): void {
    branch.state = 'done';
    branch.stopTimer();
    this.#branches.delete(branch.id);
  }

  #fail(transaction: Transaction, branch: Branch, status: number, reason: string): void {
    if (branch.state === 'done') return;
    this.#done(branch);
    const { request, tag } = transaction;
    transaction.refusals.push({ ...request, kind: 'response', status, reason, headers: [], body: '', toTag: tag });
    this.#conclude(transaction);
  }

  /** When every branch has refused, the caller gets the best of the answers (§16.7 step 6). */
  #conclude(transaction: Transaction): void {
    if (transaction.final !== null || transaction.branches.some((b) => b.state !== 'done')) return;
    const { request, tag } = transaction;
    if (transaction.cancelled) {
      this.#finish(transaction, 487, reply(request, 487, 'Request Terminated', tag));
      return;
    }
    const best = transaction.refusals.toSorted((a, b) => rank(a.status) - rank(b.status))[0];
    if (!best) return;
    const made = best.headers.length === 0;
    const text = made
      ? reply(request, best.status, best.reason, tag)
      : writeResponse(best.status, best.reason, withoutFirst(best.headers, 'Via'), best.body);
    this.#finish(transaction, best.status, text);
  }

  #cancel(transaction: Transaction, branch: Branch, reason: string | null): void {
    if (transaction.request.method !== 'INVITE' || branch.state === 'done' || branch.cancel === 'sent') return;
    if (branch.state === 'calling') {
      branch.cancel = 'owed';
      return;
    }
    branch.cancel = 'sent';
    const kept = branch.headers.filter((h) => ['from', 'to', 'call-id', 'route'].includes(h.name.toLowerCase()));
    const headers: readonly Header[] = [
      { name: 'Via', value: `${this.#via};branch=${branch.id}` },
      { name: 'Max-Forwards', value: '70' },
      ...kept,
      { name: 'CSeq', value: `${transaction.request.cseq} CANCEL` },
      ...(reason === null ? [] : [{ name: 'Reason', value: reason }]),
    ];
    branch.target.flow.send(writeRequest('CANCEL', branch.target.uri, headers));
    branch.stopTimer();
    branch.stopTimer = this.#after(this.#timers.f, () => this.#fail(transaction, branch, 408, 'Request Timeout'));
  }

  /** The ACK of a refusal goes hop by hop, in the INVITE's own transaction (§17.1.1.3). */
  #acknowledgeRefusal(branch: Branch, response: SipResponse): void {
    const kept = branch.headers.filter((h) => ['from', 'call-id', 'route'].includes(h.name.toLowerCase()));
    branch.target.flow.send(
      writeRequest('ACK', branch.target.uri, [
        { name: 'Via', value: `${this.#via};branch=${branch.id}` },
        { name: 'Max-Forwards', value: '70' },
        ...kept,
        { name: 'To', value: header(response, 'To') ?? '' },
        { name: 'CSeq', value: `${response.cseq} ACK` },
      ]),
    );
  }
}
