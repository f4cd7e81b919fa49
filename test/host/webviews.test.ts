import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { panelKinds, type PreviewCellView, type PreviewView } from '../../src/protocol/panels';
import type { StudyPanel } from '../../src/extension/panels/panel';
import { eventually, heard, higan, inWorkspace, open, toyModel, type, write } from './window';

const tabs = (): string[] =>
  vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));

/** A panel of each kind of one experiment. */
async function allKinds(): Promise<StudyPanel[]> {
  const { panels } = await higan();
  const { document } = await open('bedroom.higan.yaml');
  const all = [];
  for (const kind of panelKinds) all.push(await panels.open(kind, document.uri, {}));
  return all;
}

/** The directives of a page's policy, each with what it allows. */
function policyOf(html: string): Record<string, string> {
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  return Object.fromEntries(
    policy.split(';').map((directive) => {
      const [name, ...allowed] = directive.trim().split(/\s+/);
      return [name, allowed.join(' ')];
    }),
  );
}

describe('panels', () => {
  it('open beside the file, one of a kind for each experiment', async () => {
    const { panels } = await higan();
    for (const panel of panels.all) panel.dispose();
    const { document } = await open('bedroom.higan.yaml');
    await vscode.commands.executeCommand('higan.showRanking', document.uri);
    await vscode.commands.executeCommand('higan.showHeatmap', document.uri);
    await vscode.commands.executeCommand('higan.showRanking', document.uri);
    assert.deepEqual(panels.all.map(({ kind }) => kind).sort(), ['heatmap', 'ranking']);
    // The tab model follows later.
    await eventually('both tabs are there', () =>
      ['Ranking: bedroom.higan.yaml', 'Layers: bedroom.higan.yaml'].every((label) => tabs().includes(label))
        ? true
        : null,
    );
  });

  it('wear an icon of their kind on their tab, for dark and for light themes', async () => {
    const all = await allKinds();
    const seen = new Set<string>();
    for (const { kind, panel } of all) {
      const icon = panel.iconPath as { dark: vscode.Uri; light: vscode.Uri } | undefined;
      assert.ok(icon, `the ${kind} panel has an icon`);
      for (const file of [icon.dark, icon.light]) {
        assert.match(Buffer.from(await vscode.workspace.fs.readFile(file)).toString(), /^<svg /);
        seen.add(file.toString());
      }
    }
    assert.equal(seen.size, 2 * panelKinds.length, 'no two kinds share one');
  });

  it('may load from their own folder only, under a strict policy', async () => {
    const nonces = new Set<string>();
    for (const { panel } of await allKinds()) {
      const roots = panel.webview.options.localResourceRoots?.map(({ path }) => path) ?? [];
      assert.equal(roots.length, 1);
      assert.match(roots[0], /dist\/webview$/);
      const [, nonce] = /<script[^>]* nonce="([^"]{16,})"/.exec(panel.webview.html) ?? [];
      assert.deepEqual(policyOf(panel.webview.html), {
        'default-src': "'none'",
        'script-src': `'nonce-${nonce}'`,
        'style-src': `'nonce-${nonce}'`,
        'base-uri': "'none'",
        'form-action': "'none'",
      });
      nonces.add(nonce);
    }
    assert.equal(nonces.size, panelKinds.length, 'each page has a nonce of its own');
  });

  it('ask for their data when they have loaded, without a fault', async function () {
    this.timeout(120_000);
    const all = await allKinds();
    for (const panel of all) {
      // A panel that was never in front has not loaded.
      panel.panel.reveal();
      await eventually(`the ${panel.kind} panel subscribed`, () => (panel.isSubscribed ? true : null));
    }
    assert.deepEqual(
      all.flatMap(({ problems }) => problems),
      [],
    );
    // What follows is not for the others to hear.
    for (const { kind, panel } of all) if (kind !== 'ranking' && kind !== 'heatmap') panel.dispose();
  });

  it('show another experiment in a ranking that follows the active file', async () => {
    const { panels } = await higan();
    const kitchen = inWorkspace('other/kitchen.higan.yaml');
    await open('other/kitchen.higan.yaml');
    await eventually('the ranking follows', () => panels.find('ranking', kitchen));
    await vscode.commands.executeCommand('higan.showRanking', inWorkspace('bedroom.higan.yaml'));
    assert.equal(panels.all.filter(({ kind }) => kind === 'ranking').length, 2);
  });

  it('write a verdict into the file as one undo step', async () => {
    const { panels } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const before = document.getText();
    const ranking = await panels.open('ranking', document.uri, {});
    await ranking.answer('setReview', {
      experiment: document.uri.toString(),
      concept: 'attribute/warm',
      entry: { verdict: 'accepted', note: 'lamps only' },
    });
    assert.match(document.getText(), /review:/);
    assert.match(document.getText(), /attribute\/warm.*\n?.*accepted/);
    assert.ok(document.getText().includes('# the lamp'), 'comments stay');
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
  });

  it('take a verdict back however the file writes its concept', async () => {
    const { panels } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const before = document.getText();
    const reviewed =
      'review:\n  attribute/indoor_lighting: { verdict: accepted }\n  attribute/warm: { verdict: unsure }\n';
    await type(document, `${before}${reviewed}`);
    const ranking = await panels.open('ranking', document.uri, {});
    const experiment = document.uri.toString();
    await ranking.answer('setReview', { experiment, concept: 'attribute/indoor lighting', entry: null });
    assert.doesNotMatch(document.getText(), /indoor_lighting/);
    assert.match(document.getText(), /attribute\/warm: \{ verdict: unsure \}/);
    await type(document, before);
  });
});

describe('a panel that is hidden', () => {
  it('is pointed to what is wanted of it once its page is there again', async () => {
    const { panels } = await higan();
    const { document } = await write('hidden.higan.yaml', 'generator: rooms\npredictors: [rooms]\n');
    const heatmap = await panels.open('heatmap', document.uri, {});
    heatmap.panel.reveal();
    await eventually('its page asked for its data', () => heatmap.isSubscribed);
    const ranking = await panels.open('ranking', document.uri, {});
    ranking.panel.reveal(heatmap.panel.viewColumn);
    await eventually('another hides it', () => !heatmap.panel.visible);
    const events = heard(heatmap);
    const pointed = (): unknown[] => events.filter(({ name }) => name === 'show').map(({ data }) => data);
    const target = { concept: 'attribute/wood', layerSet: 'upper' };
    await panels.open('heatmap', document.uri, target);
    assert.deepEqual(pointed(), [], 'nobody would hear it yet');
    await eventually('it is told once it has subscribed', () => pointed().length > 0);
    await panels.open('heatmap', document.uri, { concept: 'attribute/warm' });
    assert.deepEqual(pointed(), [target, { concept: 'attribute/warm' }], 'one that is there is told at once');
    assert.deepEqual(heatmap.problems, []);
    for (const panel of [heatmap, ranking]) panel.dispose();
  });
});

describe('a verdict', () => {
  it('is cleared however its concept is written in the file', async () => {
    const { panels } = await higan();
    const text = 'generator: rooms\npredictors: [rooms]\n';
    const written =
      'review:\n  attribute/indoor_lighting: { verdict: accepted, note: lamps } # seen\n  attribute/wood: { verdict: unsure }\n';
    const { document } = await write('cleared.higan.yaml', text + written);
    const ranking = await panels.open('ranking', document.uri, {});
    const experiment = document.uri.toString();
    await ranking.answer('setReview', { experiment, concept: 'attribute/indoor lighting', entry: null });
    assert.equal(document.getText(), `${text}review:\n  attribute/wood: { verdict: unsure }\n`);
    await ranking.answer('setReview', { experiment, concept: 'attribute/wood', entry: null });
    const { experiments } = await higan();
    const judged = await experiments.judge(document);
    assert.deepEqual([judged.parsed.value?.review, judged.diagnostics], [{}, []]);
    ranking.dispose();
  });

  it('belongs into the file that was looked at, also when the ranking follows another by then', async () => {
    const { panels } = await higan();
    for (const panel of panels.all) panel.dispose();
    const text = 'generator: rooms\npredictors: [rooms]\n';
    const { document: looked } = await write('looked-at.higan.yaml', text);
    const ranking = await panels.open('ranking', looked.uri, {});
    const { document: next } = await write('next-looked-at.higan.yaml', text);
    await eventually('the ranking follows', () => ranking.experiment.toString() === next.uri.toString());
    const decided = { concept: 'attribute/wood', entry: { verdict: 'unsure' } };
    await ranking.answer('setReview', { experiment: looked.uri.toString(), ...decided });
    assert.match(looked.getText(), /attribute\/wood/);
    assert.equal(next.getText(), text);
    const elsewhere = inWorkspace('notes.txt').toString();
    await assert.rejects(
      Promise.resolve(ranking.answer('setReview', { experiment: elsewhere, ...decided })),
      /is no experiment/,
    );
    ranking.dispose();
  });
});

describe('a preview', () => {
  it('is added from its empty panel, on one undo step, and the panel can follow it', async function () {
    this.timeout(120_000);
    const { panels } = await higan();
    const name = 'no-previews.higan.yaml';
    const text = '# Kept.\ngenerator: rooms\npredictors: [rooms, color]\n# previews:\n';
    const { document } = await write(name, text);
    const preview = await panels.open('preview', document.uri, {});
    assert.equal(((await preview.answer('follow', { name: null })) as { name: string | null }).name, null);
    const added = await preview.answer('addPreview', { concept: 'attribute/wood' });
    assert.deepEqual(added, { preview: 'wood' });
    const lines = document.getText().split('\n');
    assert.deepEqual(
      text.split('\n').filter((line) => !lines.includes(line)),
      [],
      'what was there stays',
    );
    const view = (await preview.answer('follow', { name: null })) as {
      name: string;
      preview: { edits: { concept: string }[] };
    };
    assert.equal(view.name, 'wood');
    assert.deepEqual(
      view.preview.edits.map(({ concept }) => concept),
      ['attribute/wood'],
    );
    preview.dispose();
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  it('follows the YAML as it is typed: its page is sent what was written', async () => {
    const { panels } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const preview = await panels.open('preview', document.uri, { preview: 'evening' });
    const asked = async (): Promise<PreviewView> =>
      (await preview.answer('follow', { name: 'evening' })) as PreviewView;
    const step = ({ preview }: PreviewView): number | undefined => preview?.edits[0].step;
    assert.equal(step(await asked()), 2);
    const events = heard(preview);
    const text = document.getText();
    await type(document, text.replace('step: 2, layers: upper', 'step: -1.5, layers: upper'));
    const { version } = document;
    const sent = await eventually('the page is told of the new text', () =>
      events
        .flatMap(({ name, data }) => (name === 'preview' ? [data as PreviewView] : []))
        .find((view) => view.version === version),
    );
    assert.equal(step(sent), -1.5);
    assert.equal(step(await asked()), -1.5);
    await type(document, text);
  });

  it('writes a released slider into the YAML: one undo step, comments kept', async () => {
    const { panels } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const before = document.getText();
    const preview = await panels.open('preview', document.uri, { preview: 'evening' });
    const { version } = (await preview.answer('writePreview', {
      name: 'evening',
      change: { kind: 'edit', index: 0, of: 'attribute/indoor lighting', step: 0.75 },
    })) as { version: number };
    assert.equal(version, document.version);
    assert.equal(document.getText(), before.replace('step: 2, layers: upper', 'step: 0.75, layers: upper'));
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
  });

  it('refuses a gesture on an edit that is another by now, and leaves the text as it is', async () => {
    const { panels } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const before = document.getText();
    const preview = await panels.open('preview', document.uri, { preview: 'evening' });
    const place = { index: 0, of: 'attribute/warm' };
    for (const change of [
      { kind: 'removeEdit', ...place },
      { kind: 'edit', ...place, step: 1 },
    ]) {
      await assert.rejects(
        Promise.resolve(preview.answer('writePreview', { name: 'evening', change })),
        /is not of 'attribute\/warm' any more\. Look at them/,
      );
    }
    assert.equal(document.getText(), before);
  });

  it('writes gestures that follow each other at once one after the other, and loses none', async () => {
    const { panels } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const before = document.getText();
    const preview = await panels.open('preview', document.uri, { preview: 'evening' });
    const steps = [0.25, 0.5, 0.75, 1, 1.25];
    await Promise.all(
      steps.map((step) =>
        preview.answer('writePreview', {
          name: 'evening',
          change: { kind: 'edit', index: 0, of: 'attribute/indoor lighting', step },
        }),
      ),
    );
    assert.equal(document.getText(), before.replace('step: 2, layers: upper', 'step: 1.25, layers: upper'));
    await type(document, before);
  });

  it('keeps a study’s batches short while it is visible, and no longer', async () => {
    const { panels, inference } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const said: boolean[] = [];
    const attend = inference.attend.bind(inference);
    inference.attend = (visible) => {
      said.push(visible);
      attend(visible);
    };
    panels.find('preview', document.uri)?.dispose();
    said.length = 0;
    const preview = await panels.open('preview', document.uri, { preview: 'evening' });
    await eventually('its page is looked at', () => said.at(-1) === true);
    await panels.open('ranking', document.uri, {});
    await eventually('another panel hides it', () => said.at(-1) === false);
    preview.panel.reveal();
    await eventually('it is looked at again', () => said.at(-1) === true);
    preview.dispose();
    assert.deepEqual(said, [true, false, true, false]);
    inference.attend = attend;
  });

  it('has a running study wait while a changed text is read, but only while it is visible', async () => {
    const { panels, inference } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const expect = inference.expect.bind(inference);
    let announced = 0;
    inference.expect = () => {
      announced++;
      expect();
    };
    const preview = await panels.open('preview', document.uri, { preview: 'evening' });
    await eventually('it has loaded', () => preview.isSubscribed);
    const before = document.getText();
    await eventually('a keystroke announces it', async () => {
      await type(document, document.getText() + '# typed\n');
      return announced > 0;
    });
    preview.dispose();
    announced = 0;
    await type(document, before);
    assert.equal(announced, 0);
    inference.expect = expect;
  });

  it('is drawn from what the panel asks for, without touching the document', async function () {
    this.timeout(400_000);
    const { panels, studies } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    // Its directions are in the store where the whole study was run before.
    await studies.run(document.uri, { until: 'boundary' });
    const { version } = document;
    // Far from those that the page itself counts.
    const sequence = 1000;
    const preview = await panels.open('preview', document.uri, { preview: 'evening' });
    const events = heard(preview);
    const rendered = (await preview.answer('renderPreview', {
      sequence,
      name: 'evening',
      preview: {
        samples: [3],
        edits: [{ concept: 'attribute/indoor lighting', step: 1, layers: 'upper' }],
      },
      steps: [0, 1],
      focus: 3,
    })) as { concepts: string[]; missing: string[] };
    assert.ok(rendered.concepts.includes('attribute/indoor lighting'));
    assert.deepEqual(rendered.missing, []);
    const cells = events
      .flatMap(({ name, data }) => (name === 'cell' ? [data as PreviewCellView] : []))
      .filter((cell) => cell.sequence === sequence);
    assert.deepEqual(
      cells.map(({ sample, step, scores }) => [sample, step, scores?.length]),
      [1, 0].map((step) => [3, step, rendered.concepts.length]),
      'the full step is sent first',
    );
    const [moved, unmoved] = cells.map(({ image }) => image.data);
    assert.notDeepEqual(moved, unmoved);
    assert.equal(document.version, version);
  });

  it('is segmented by the predictor that the panel names the labels of', async function () {
    this.timeout(120_000);
    const { panels, inference } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const panel = await panels.open('preview', document.uri, { preview: 'evening' });
    const { segmentation } = (await panel.answer('follow', { name: 'evening' })) as {
      segmentation: { labels: string[]; reason: string | null };
    };
    assert.equal(segmentation.reason, null);
    const cells: { sample: number; step: number; labels: Uint8Array }[] = [];
    const segment = inference.segment.bind(inference);
    inference.segment = (request, cell, signal) =>
      segment(request, (each) => (cells.push(each), cell(each)), signal);
    const preview = { samples: [3, 14], edits: [] };
    const params = { sequence: 1, name: 'evening', preview, steps: [0], focus: 14 };
    assert.equal(await panel.answer('segmentPreview', params), null);
    inference.segment = segment;
    assert.deepEqual(
      cells.map(({ sample, step }) => [sample, step]),
      [
        [14, 0],
        [3, 0],
      ],
    );
    for (const { labels } of cells) {
      const seen = new Set(Array.from(labels, (label) => segmentation.labels[label]));
      assert.ok(seen.has('wall') && !seen.has(undefined as never), [...seen].join(', '));
    }
  });

  it('says of models that segment nothing why they do not', async () => {
    const { panels } = await higan();
    await toyModel();
    const text = 'generator: toy\npredictors: [toy]\npreviews:\n  one: { samples: [1] }\n';
    const { document } = await write('without-segmentation.higan.yaml', text);
    const panel = await panels.open('preview', document.uri, {});
    const { segmentation } = (await panel.answer('follow', { name: null })) as {
      segmentation: { labels: string[]; reason: string | null };
    };
    assert.deepEqual(segmentation.labels, []);
    assert.match(segmentation.reason ?? '', /has a segmentation head/);
    panel.dispose();
  });
});
