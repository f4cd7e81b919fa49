import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { changeOf } from '../../src/protocol/results-change';
import { marks } from '../../src/webview/ranking/rows';
import { conceptFinding, findingText } from '../../src/webview/ui/wording';
import { contrast } from './colours';
import { inView, Panels, scriptOf, renewalOf, snapshotOf, themes, type OpenPanel } from './harness';
import { active, activeConcept, grid, shown } from './ranking-table';
import { openScene, review, sideEffects } from './scenes';
import { studyOf } from './study-fixture';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

describe('10,000 rows', () => {
  test('scroll with only the rows in view in the document', async () => {
    const panel = await panels.open('ranking', scriptOf({ study: studyOf(10_000) }));
    const rows = panel.page.locator('.rows .line');
    await rows.first().waitFor();
    assert.equal(await grid(panel).getAttribute('aria-rowcount'), '10001');
    for (const top of [3000, 120_000, 290_000]) {
      await grid(panel).evaluate((element, to) => (element.scrollTop = to), top);
      await panel.page.waitForFunction(
        (first) => {
          const table = document
            .querySelector('higan-ranking')!
            .shadowRoot!.querySelector('higan-ranking-table')!;
          const indices = [...table.shadowRoot!.querySelectorAll('.rows .line')].map((line) =>
            Number(line.getAttribute('aria-rowindex')),
          );
          return Math.min(...indices) <= first && Math.max(...indices) >= first;
        },
        Math.floor(top / 30) + 3,
      );
      assert.ok((await rows.count()) < 80, `${await rows.count()} rows are in the document`);
    }
    await grid(panel).focus();
    await panel.page.keyboard.press('End');
    assert.equal(await active(panel).getAttribute('aria-rowindex'), '10001');
    await panel.page.keyboard.press('Home');
    assert.equal(await active(panel).getAttribute('aria-rowindex'), '2');
    await panel.close();
  });
});

describe('by keyboard alone', () => {
  test('rows, heads, selection and opening', async () => {
    const panel = await panels.open('ranking', scriptOf());
    const { keyboard } = panel.page;
    await grid(panel).focus();
    await keyboard.press('ArrowDown');
    await keyboard.press('Shift+ArrowDown');
    await keyboard.press('Shift+ArrowDown');
    await panel.page.getByText('29 concepts, 3 selected').waitFor();
    const key = await active(panel).locator('[title*="/"]').getAttribute('title');
    await keyboard.press('Enter');
    assert.deepEqual((await panel.call('open')).params, { panel: 'heatmap', target: { concept: key } });

    await keyboard.press('Tab'); // the heads are one stop
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await panel.page.locator('[role=columnheader][aria-sort=ascending]', { hasText: 'Concept' }).waitFor();
    const names = (await shown(panel)).map((each) => each.slice(each.indexOf('/') + 1));
    assert.deepEqual(names, [...names].sort(new Intl.Collator('en', { numeric: true }).compare));
    await panel.close();
  });

  test('every control can be reached with Tab, and none holds the focus', async () => {
    const panel = await panels.open('ranking', scriptOf({ currency: 'outdated' }), {
      target: { concept: 'attribute/wood' },
    });
    await active(panel).waitFor();
    const reached = new Set<string>();
    for (let i = 0; i < 40; i++) {
      await panel.page.keyboard.press('Tab');
      reached.add(
        await panel.page.evaluate(() => {
          let at: Element | null = document.activeElement;
          while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
          return `${at?.localName} ${at?.getAttribute('role') ?? ''} ${at?.textContent?.trim().slice(0, 24) ?? ''}`;
        }),
      );
    }
    const all = [...reached].join('\n');
    for (const wanted of [
      /select {2}Re-scoring/,
      /grid/,
      /textarea/,
      /button {2}Export/,
      /Show in file/,
      /input/,
    ]) {
      assert.match(all, wanted);
    }
    await panel.close();
  });
});

describe("ranked by the paper's ablation", () => {
  test('by accuracy, the places gained and lost against re-scoring stand beside each concept', async () => {
    const panel = await panels.open('ranking', scriptOf());
    await panel.page.getByLabel('Rank by').selectOption('accuracy');
    await panel.page.locator('[role=columnheader]', { hasText: 'vs. Δ' }).waitFor();
    const first = panel.page.locator('.rows [aria-rowindex="2"]');
    const study = studyOf(29);
    const by = (value: (each: (typeof study.concepts)[number]) => number | null | undefined): string[] =>
      study.concepts
        .filter((each) => typeof value(each) === 'number')
        .sort((a, b) => value(b)! - value(a)!)
        .map((each) => each.concept);
    const best = by((each) => each.boundary?.accuracy)[0];
    const gained = by((each) => each.effect?.delta).indexOf(best);
    assert.equal(await first.locator('[title*="/"]').getAttribute('title'), best);
    assert.match((await first.textContent()) ?? '', new RegExp(`higher by\\s*${gained}(?!\\d)`));
    await panel.screenshot('ranking-by-accuracy');
    await panel.close();
  });
});

test('a concept with a weak predictor says so in its row, and why beside it', async () => {
  const { concept, weakPredictor } = studyOf(29).concepts.find((each) => each.weakPredictor !== null)!;
  const panel = await panels.open('ranking', scriptOf(), { target: { concept } });
  await panel.page.getByText(/^Weak predictor: /).waitFor();
  assert.equal(await panel.page.getByText(/^Weak predictor: /).textContent(), weakPredictor);
  assert.equal(await activeConcept(panel), concept);
  const marks = active(panel).getByText('weak predictor', { exact: true });
  assert.equal(await marks.count(), 1);
  await panel.close();
});

describe('side effects', () => {
  const cell = async (panel: OpenPanel, concept: string): Promise<string> => {
    const heads = await panel.page.locator('[role=columnheader]').allTextContents();
    const at = heads.findIndex((head) => head.includes('Side effects'));
    assert.ok(at >= 0, 'the column is shown');
    const row = panel.page.locator('.rows .line', { has: panel.page.locator(`[title="${concept}"]`) });
    return ((await row.locator('[role=gridcell]').nth(at).textContent()) ?? '').trim();
  };

  test('what a concept drags along stands beside it, strongest first; none and not known are told apart', async () => {
    const panel = await openScene(panels, 'ranking', { target: { concept: 'attribute/warm' } });
    assert.equal(await cell(panel, 'attribute/warm'), 'orange +0.61, blue −0.47, saturation +0.20');
    assert.equal(await cell(panel, 'layout/floor share'), 'none');
    assert.equal(await cell(panel, 'color/red'), '–');
    const head = panel.page.locator('[role=columnheader] button', { hasText: 'Side effects' });
    await head.click();
    assert.equal((await shown(panel))[0], 'attribute/warm');
    await panel.close();
  });

  test('they are sorted by the strongest, and what is not known stands last either way', async () => {
    const panel = await openScene(panels, 'ranking', { height: 1200 });
    const head = panel.page.locator('[role=columnheader] button', { hasText: 'Side effects' });
    await head.click();
    assert.deepEqual((await shown(panel)).slice(0, 3), [
      ...['attribute/warm', 'attribute/indoor lighting', 'attribute/wood'],
    ]);
    await head.click();
    assert.equal((await shown(panel))[0], 'layout/floor share');
    await panel.close();
  });

  test('they arrive later than the ranking, and until then the panel offers to compute them', async () => {
    const panel = await panels.open('ranking', scriptOf(), {
      ...{ width: 1280, height: 1200, target: { concept: 'attribute/warm' } },
    });
    await panel.page.getByRole('button', { name: 'Compute them' }).click();
    assert.deepEqual((await panel.call('open')).params, {
      panel: 'entanglement',
      target: { concept: 'attribute/warm' },
    });
    // Of the study only what changed is told, here nothing.
    const { study } = snapshotOf();
    await panel.emit('snapshot', { ...renewalOf({ sideEffects }), study: study && changeOf(study, study) });
    await panel.page.getByRole('button', { name: 'All of them' }).waitFor();
    assert.match(await cell(panel, 'attribute/warm'), /^orange \+0\.61/);
    await panel.close();
  });

  test('while the study is not ranked, nothing is offered that could not be computed', async () => {
    const study = { ...studyOf(29), stages: ['probe' as const, 'boundary' as const, 'rescore' as const] };
    const panel = await panels.open('ranking', scriptOf({ study }), {
      target: { concept: 'attribute/warm' },
    });
    await panel.page.getByText('They are known once the run has ranked all concepts.').waitFor();
    assert.equal(await panel.page.getByRole('button', { name: 'Compute them' }).count(), 0);
    await panel.close();
  });
});

describe('review', () => {
  test('a verdict and a note are written one by one: neither takes back what the other has just written', async () => {
    const panel = await panels.open('ranking', scriptOf({ review }), { target: { concept: 'color/red' } });
    await panel.page.getByLabel('accepted').check();
    const experiment = 'file:///work/bedroom.higan.yaml';
    assert.deepEqual((await panel.call('setReview')).params, {
      experiment,
      concept: 'color/red',
      entry: { verdict: 'accepted' },
    });
    await panel.page.getByPlaceholder('Note (kept in the experiment file)').fill('walls only');
    await panel.page.keyboard.press('Control+Enter');
    assert.deepEqual((await panel.call('setReview', 1)).params, {
      experiment,
      concept: 'color/red',
      entry: { note: 'walls only' },
    });
    await panel.close();
  });

  test('a note that is left for a verdict is written, and the verdict leaves it there', async () => {
    const panel = await panels.open('ranking', scriptOf({ review }), { target: { concept: 'color/red' } });
    await panel.page.getByPlaceholder('Note (kept in the experiment file)').fill(' walls only ');
    // The press takes the focus off the note, the release chooses.
    await panel.page.getByRole('radio', { name: 'unsure' }).click();
    await panel.call('setReview', 1);
    assert.deepEqual(
      (await panel.calls('setReview')).map(({ params }) => (params as { entry: unknown }).entry),
      [{ note: 'walls only' }, { verdict: 'unsure' }],
    );
    await panel.close();
  });

  test('a refusal leaves the note as it was typed and the verdict as it was, on its concept alone', async () => {
    const reason = 'Nothing was written: the file cannot be read.';
    const panel = await panels.open('ranking', scriptOf({}, { refuse: { setReview: reason } }), {
      target: { concept: 'color/red' },
    });
    const note = (concept: string): Promise<string> =>
      panel.page.getByLabel(`Note on ${concept}`).inputValue();
    const chosen = (name: string): Promise<void> =>
      panel.page.getByRole('radio', { name, checked: true }).waitFor();
    await panel.page.getByLabel('Note on color/red').fill('walls only');
    await panel.page.keyboard.press('Control+Enter');
    await panel.page.getByRole('alert').getByText(reason).waitFor();
    assert.equal(await note('color/red'), 'walls only');
    await panel.page.getByRole('radio', { name: 'accepted' }).click();
    await panel.call('setReview', 1);
    await chosen('none');
    await panel.emit('show', { concept: 'attribute/wood' });
    assert.equal(await note('attribute/wood'), '');
    await chosen('none');
    await panel.page.evaluate(() => (window.scripted.script.refuse = {}));
    await panel.page.getByRole('radio', { name: 'accepted' }).click();
    await panel.emit('show', { concept: 'color/red' });
    assert.equal(await note('color/red'), 'walls only');
    await chosen('none');
    await panel.page.getByLabel('Note on color/red').press('Control+Enter');
    await panel.page.waitForTimeout(50);
    const sent = (await panel.calls('setReview')).map(({ params }) => params as { concept: string });
    const { experiment } = snapshotOf();
    assert.deepEqual(sent.slice(-2), [
      { experiment, concept: 'attribute/wood', entry: { verdict: 'accepted' } },
      { experiment, concept: 'color/red', entry: { note: 'walls only' } },
    ]);
    await panel.close();
  });

  test('a verdict and a note that are taken back are removed', async () => {
    const panel = await panels.open('ranking', scriptOf({ review }), {
      target: { concept: 'attribute/wood' },
    });
    await panel.page.getByPlaceholder('Note (kept in the experiment file)').fill('');
    await panel.page.getByRole('radio', { name: 'none' }).click();
    await panel.call('setReview', 1);
    assert.deepEqual(
      (await panel.calls('setReview')).map(({ params }) => (params as { entry: unknown }).entry),
      [{ note: null }, { verdict: null }],
    );
    await panel.close();
  });

  for (const theme of themes) {
    test(`in ${theme} the chosen verdict stands out, and only that one`, async () => {
      const panel = await openScene(panels, 'ranking', { theme });
      const marked = await panel.page.getByRole('radio').evaluateAll((radios) =>
        radios.map((radio) => ({
          isChosen: (radio as HTMLInputElement).checked,
          dot: getComputedStyle(radio, '::before').backgroundColor,
          ground: getComputedStyle(radio).backgroundColor,
          hasDot: getComputedStyle(radio, '::before').content !== 'none',
        })),
      );
      assert.deepEqual(
        marked.map(({ hasDot }) => hasDot),
        marked.map(({ isChosen }) => isChosen),
      );
      const { dot, ground } = marked.find(({ isChosen }) => isChosen)!;
      assert.ok(contrast(dot, ground) >= 3, `${dot} on ${ground}`);
      await panel.close();
    });
  }

  test('a verdict given on an earlier result is marked', async () => {
    const panel = await panels.open('ranking', scriptOf({ review }), {
      target: { concept: 'attribute/wood' },
    });
    await panel.page.getByText('The result has changed since this verdict was given.').waitFor();
    await panel.close();
  });
});

describe('what the panel keeps', () => {
  test('navigation and layout survive a reload; data is fetched again', async () => {
    const first = await panels.open('ranking', scriptOf(), {
      width: 1400,
      target: { concept: 'attribute/wood' },
    });
    await first.page.getByLabel('Rank by').selectOption('positives');
    await first.page.getByLabel('Level').selectOption('attribute');
    await first.page.locator('[role=columnheader] button', { hasText: 'Accuracy' }).click();
    const state = (await first.state()) as { panel: string; experiment: string };
    assert.equal(state.panel, 'ranking');
    assert.equal(state.experiment, 'file:///work/bedroom.higan.yaml');
    assert.ok(!JSON.stringify(state).includes('delta'), 'no data is kept');
    await first.close();

    const second = await panels.open('ranking', scriptOf(), { width: 1400, state });
    assert.equal(await second.page.getByLabel('Rank by').inputValue(), 'positives');
    assert.equal(await second.page.getByLabel('Level').inputValue(), 'attribute');
    await second.page.locator('[aria-sort=descending]', { hasText: 'Accuracy' }).waitFor();
    assert.equal(await active(second).locator('[title*="/"]').getAttribute('title'), 'attribute/wood');
    await second.close();
  });

  test('gives way to a concept that it is pointed to and that is hidden: by level, filter or what moves', async () => {
    const study = studyOf(2000);
    const { concept } = study.concepts.findLast(
      ({ level, effect }) => level === 'attribute' && effect?.moves === false,
    )!;
    const { experiment } = snapshotOf();
    for (const view of [{ level: 'color' }, { filter: 'no such concept' }, { moving: true }]) {
      const panel = await panels.open('ranking', scriptOf({ study }), {
        state: { panel: 'ranking', experiment, view },
      });
      await panel.emit('show', { concept });
      await active(panel).waitFor();
      assert.equal(await activeConcept(panel), concept);
      await inView(panel, '.line.active');
      await panel.page.getByLabel(`Note on ${concept}`).waitFor();
      assert.equal(await panel.page.getByLabel('Filter concepts').inputValue(), '');
      await panel.close();
    }
  });

  test('state of another panel or a broken one is ignored', async () => {
    const panel = await panels.open('ranking', scriptOf(), { state: { panel: 'heatmap', view: 7 } });
    assert.equal(await panel.page.getByLabel('Rank by').inputValue(), 'rescore');
    await panel.close();
  });
});

describe('at the edges', () => {
  test('nothing has been run yet', async () => {
    const panel = await panels.open(
      'ranking',
      scriptOf({ study: null, cannotRun: 'Trust this workspace to run studies.' }),
    );
    await panel.page.getByText('Trust this workspace to run studies.').waitFor();
    await panel.assertAccessible();
    await panel.close();
  });

  test('a refused call is said where it was asked, and can be dismissed', async () => {
    const script = scriptOf(
      { currency: 'outdated' },
      { refuse: { run: 'bedroom.higan.yaml:3: there is no model ‘roms’; did you mean ‘rooms’?' } },
    );
    const panel = await panels.open('ranking', script);
    await panel.page.getByRole('button', { name: 'Re-run' }).click();
    await panel.page.getByRole('alert').getByText('did you mean ‘rooms’?').waitFor();
    await panel.page.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await panel.page.getByRole('alert').count(), 0);
    await panel.close();
  });

  test('the menu of exports is gone through with arrows, and Escape gives the focus back', async () => {
    const panel = await panels.open('ranking', scriptOf());
    const { keyboard } = panel.page;
    const opener = panel.page.getByRole('button', { name: 'Export' });
    await opener.focus();
    await keyboard.press('ArrowDown');
    await panel.page
      .getByRole('menuitem', { name: 'Copy as Markdown' })
      .and(panel.page.locator(':focus'))
      .waitFor();
    await panel.assertAccessible();
    await panel.screenshot('ranking-menu');
    await keyboard.press('Escape');
    assert.equal(await panel.page.getByRole('menu').count(), 0);
    await opener.and(panel.page.locator(':focus')).waitFor();
    await keyboard.press('ArrowUp');
    await panel.page
      .getByRole('menuitem', { name: 'Save as CSV…' })
      .and(panel.page.locator(':focus'))
      .waitFor();
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    const { text } = (await panel.call('copy')).params as { text: string };
    assert.match(text, /^rank,concept,level/);
    await opener.and(panel.page.locator(':focus')).waitFor();
    await opener.click();
    await panel.page.getByRole('menu').waitFor();
    await panel.page.getByLabel('Filter concepts').click();
    await panel.page.getByRole('menu').waitFor({ state: 'detached' });
    await panel.close();
  });

  for (const width of [300, 610]) {
    test(`at ${width} px each concept says whether it moves, and most of the height is rows`, async () => {
      const panel = await openScene(panels, 'ranking', { width, height: 720 });
      const found = new Map(studyOf(29).concepts.map((each) => [each.concept, conceptFinding(each)]));
      const rows = panel.page.locator('.rows .line');
      for (const row of await rows.all()) {
        const { finding, short } = found.get((await row.locator('.label').getAttribute('title')) ?? '')!;
        assert.ok((await row.textContent())?.includes(`${marks[finding]}${short}:`), short);
        assert.equal(await row.locator('.mark.finding').isVisible(), true);
        assert.equal(
          await row.locator('.label.dim').count(),
          finding === 'moves' ? 0 : 1,
          'others are dimmed',
        );
      }
      const height = async (part: string): Promise<number> =>
        (await panel.page.locator(part).boundingBox())?.height ?? 0;
      const lines = (await height('.tools')) / 32;
      assert.ok(lines < (width === 300 ? 3.9 : 1.9), `the toolbar has ${lines.toFixed(1)} lines`);
      assert.ok((await height('higan-ranking-table')) > 210, 'there are rows to see');
      await panel.close();
    });
  }

  test('at 1280 px with details open, bars have room and nothing that ranks is left out', async () => {
    const panel = await openScene(panels, 'ranking', { width: 1280 });
    const heads = (await panel.page.locator('[role=columnheader] .name').allTextContents()).join(' ');
    assert.match(heads, /Δ Interval Accuracy Positives Layers Side effects Review/);
    const bar = await panel.page.locator('.rows svg.interval').first().boundingBox();
    assert.ok(bar && bar.width >= 120, `a bar is ${bar?.width} px wide`);
    await panel.close();
  });

  test('at 3840 px table and details fill the screen', async () => {
    const panel = await openScene(panels, 'ranking', { width: 3840, height: 2160 });
    const box = async (part: string): Promise<{ x: number; width: number }> =>
      (await panel.page.locator(part).last().boundingBox())!;
    const [last, details] = [await box('[role=columnheader]'), await box('higan-concept-detail')];
    assert.ok(details.x - (last.x + last.width) < 40, 'the last column ends where the details begin');
    assert.ok(details.width > 800, `the details are ${details.width} px wide`);
    const sections = await panel.page.locator('higan-concept-detail section').all();
    const lefts = await Promise.all(sections.map(async (each) => Math.round((await each.boundingBox())!.x)));
    assert.ok(new Set(lefts).size > 1, 'and stand in columns');
    await panel.close();
  });

  test('a key says what every sign means, and can be put away', async () => {
    const panel = await openScene(panels, 'ranking');
    const key = panel.page.locator('.key');
    const said = (await key.textContent()) ?? '';
    for (const finding of ['moves', 'still', 'few', 'none'] as const) {
      assert.ok(said.includes(`${marks[finding]} ${findingText(finding)}`), finding);
    }
    assert.match(said, /Δ and its interval\s+random directions\s+goes on/);
    await panel.page.getByRole('button', { name: 'Key' }).click();
    assert.equal(await key.count(), 0);
    await panel.close();
  });

  for (const width of [300, 640, 3840]) {
    test(`at ${width} px the concept and Δ are in view`, async () => {
      const panel = await openScene(panels, 'ranking', { width, height: 700 });
      for (const title of ['Concept', 'Δ']) {
        const box = await panel.page.locator('[role=columnheader]', { hasText: title }).first().boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${title} is in view`);
      }
      await panel.close();
    });
  }

  test('with reduced motion nothing moves by itself', async () => {
    const panel = await panels.open('ranking', scriptOf(), { reducedMotion: true });
    const durations = await panel.page
      .locator('.rows .line')
      .first()
      .evaluate((line) => getComputedStyle(line).transitionDuration);
    assert.equal(durations, '0s');
    await panel.close();
  });

  test("of a study in the reference's units, Δ is in units of the score, and what is copied keeps both", async () => {
    const study = studyOf(29);
    const panel = await panels.open('ranking', scriptOf({ study: { ...study, compat: 'higan' } }), {
      target: { concept: 'attribute/wood' },
    });
    const { effect, probeStd } = study.concepts.find(({ concept }) => concept === 'attribute/wood')!;
    const raw = effect!.deltaRaw.toFixed(2);
    await active(panel).getByText(raw, { exact: true }).first().waitFor();
    const detail = panel.page.getByRole('region', { name: 'Details of wood' });
    const low = (effect!.deltaInterval!.low * probeStd).toFixed(2);
    await detail.getByText(`${raw} [${low}, `).waitFor();
    await detail.getByText('Δ in σ').waitFor();
    await detail.getByText(effect!.delta.toFixed(2), { exact: true }).waitFor();
    assert.equal(await panel.page.locator('[role=columnheader][title*="units of the score"]').count(), 1);
    await panel.page.getByText('ranked together by Δ in units of the score').waitFor();
    await panel.page.getByLabel('Filter concepts').fill('wood');
    await panel.page.getByText('1 of 29 concepts').waitFor();
    await panel.page.getByRole('button', { name: 'Export' }).click();
    await panel.page.getByRole('menuitem', { name: 'Copy as Markdown' }).click();
    const { text } = (await panel.call('copy')).params as { text: string };
    for (const kept of [effect!.delta, effect!.deltaRaw]) {
      assert.ok(text.includes(`| ${Number(kept.toPrecision(4))} |`), text);
    }
    await panel.close();
  });

  test('what is copied is the selection, or all rows shown, as Markdown or CSV', async () => {
    const panel = await panels.open('ranking', scriptOf());
    await panel.page.getByLabel('Filter concepts').fill('lighting');
    await panel.page.getByText('2 of 29 concepts').waitFor();
    await panel.page.getByRole('button', { name: 'Export' }).click();
    await panel.page.getByRole('menuitem', { name: 'Copy as Markdown' }).click();
    const { text } = (await panel.call('copy')).params as { text: string };
    assert.match(text, /^\| rank \| concept \|/);
    assert.equal(text.trim().split('\n').length, 4);
    await panel.close();
  });
});
