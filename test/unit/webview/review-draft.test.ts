/** What a person decides on concepts, and what the file says of it, in whatever order they meet. */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import test, { describe } from 'node:test';
import type { ReviewChange, Snapshot } from '../../../src/protocol/panels';
import { ReviewDrafts, type ReviewDraft } from '../../../src/webview/ui/review-draft';

const [bedroom, kitchen] = ['file:///bedroom.higan.yaml', 'file:///kitchen.higan.yaml'];

/** The drafts on a bedroom, and their host by hand. */
function reviewing(): {
  of: (concept: string) => ReviewDraft;
  /** A snapshot comes. */
  say: (review: Record<string, ReviewChange>, experiment?: string) => void;
  /** Answers the oldest write that waits. */
  answer: (written: boolean) => Promise<void>;
  sent: (readonly [experiment: string, concept: string, change: ReviewChange])[];
} {
  const sent: [string, string, ReviewChange][] = [];
  const waiting: ((written: boolean) => void)[] = [];
  const drafts = new ReviewDrafts((...change) => {
    sent.push(change);
    return new Promise((resolve) => waiting.push(resolve));
  });
  const say = (review: Record<string, ReviewChange>, experiment = bedroom): void => {
    const entries = Object.entries(review).map(([concept, entry]) => [concept, { ...entry, stale: false }]);
    drafts.take({ experiment, review: Object.fromEntries(entries) as Snapshot['review'] });
  };
  say({});
  const answer = async (written: boolean): Promise<void> => {
    waiting.shift()!(written);
    await turn();
  };
  return { of: (concept) => drafts.of(concept), say, answer, sent };
}

describe('a note', () => {
  test('stays until the file has it, and what is typed meanwhile is added to it', async () => {
    const { of, say, answer, sent } = reviewing();
    const red = of('color/red');
    red.type('walls only ');
    void red.writeNote();
    assert.equal(red.note, 'walls only');
    await answer(true);
    assert.equal(red.note, 'walls only', 'written, and no snapshot yet');
    red.type(`${red.note} and beds`);
    say({ 'color/red': { note: 'walls only' } });
    assert.equal(red.note, 'walls only and beds');
    void red.writeNote();
    assert.deepEqual(
      sent.map(([, , change]) => change),
      [{ note: 'walls only' }, { note: 'walls only and beds' }],
    );
    await answer(true);
    say({ 'color/red': { note: 'walls and beds' } });
    assert.equal(red.note, 'walls and beds', 'what the file says next');
  });

  test('that is refused stays as it was typed, and is written when it is left again', async () => {
    const { of, say, answer, sent } = reviewing();
    const red = of('color/red');
    red.type('walls only');
    void red.writeNote();
    await answer(false);
    say({ 'color/blue': { verdict: 'accepted' } });
    assert.equal(red.note, 'walls only');
    assert.equal(of('color/blue').note, '');
    void red.writeNote();
    assert.equal(sent.length, 2);
  });

  test('is sent once, be it left again before the file has it, and back to the file’s, too', async () => {
    const { of, answer, sent } = reviewing();
    const red = of('color/red');
    red.type('walls');
    void red.writeNote();
    void red.writeNote();
    assert.equal(sent.length, 1);
    red.type('');
    void red.writeNote();
    assert.deepEqual(sent[1], [bedroom, 'color/red', { note: null }]);
    await answer(true);
    assert.equal(red.note, '');
  });

  test('belongs to its experiment, whichever is shown by then', async () => {
    const { of, say, answer, sent } = reviewing();
    const red = of('color/red');
    red.type('walls only');
    say({ 'color/red': { note: 'tiles' } }, kitchen);
    assert.equal(of('color/red').note, 'tiles');
    void red.writeNote();
    assert.deepEqual(sent, [[bedroom, 'color/red', { note: 'walls only' }]]);
    await answer(false);
    say({});
    assert.equal(of('color/red').note, 'walls only');
  });
});

describe('a verdict', () => {
  test('is shown from the choice on; refused, it goes back to the file’s', async () => {
    const { of, say, answer } = reviewing();
    say({ 'color/red': { verdict: 'rejected' } });
    const red = of('color/red');
    void red.choose('accepted');
    void red.choose(null);
    assert.equal(red.verdict, null);
    assert.equal(of('color/blue').verdict, null, 'nor has another concept');
    await answer(true);
    await answer(false);
    assert.equal(red.verdict, 'accepted');
    say({ 'color/red': { verdict: 'unsure' } });
    assert.equal(red.verdict, 'unsure');
  });

  test('leaves the note that is being typed alone', async () => {
    const { of, say, answer } = reviewing();
    const red = of('color/red');
    red.type('walls ');
    void red.choose('accepted');
    await answer(true);
    say({ 'color/red': { verdict: 'accepted' } });
    assert.deepEqual([red.verdict, red.note], ['accepted', 'walls ']);
  });
});
