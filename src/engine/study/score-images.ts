/** Scores of given images: `higan score`. The same heads, resize and colour scores as a study's scoring graph. */
import { builtInColor } from '../experiment';
import { badInput, interrupted } from '../failure';
import { composeImageScoring, finishScores } from '../graph';
import { findModel, verifyModel, type Model } from '../manifest';
import { selfTest } from './laboratory';
import { predictorInputs } from './model-inputs';
import { openProven } from './proven-sessions';
import type { ImageScores, ScoreRequest } from './api';

const rowsPerRun = 16;

/**
 * @returns one row an image, NaN where a score is missing
 * @throws Failure where a model is not found or has no predictors, or no device makes the models' self-test images
 */
export async function scoreImages(request: ScoreRequest): Promise<ImageScores> {
  const { data, dims } = request.images;
  const [n, height, width, channels] = dims;
  if (dims.length !== 4 || channels !== 3) {
    throw badInput(`The images have shape [${dims.join(', ')}]; expected bytes [N, height, width, 3].`);
  }
  if (n === 0) throw badInput(`The images have shape [${dims.join(', ')}]: there is none to score.`);
  const models: Model[] = [];
  for (const reference of request.predictors.filter((name) => name !== builtInColor)) {
    const model = await findModel(reference, { folder: request.from, modelPaths: request.modelPaths ?? [] });
    if (!model.manifest.predictors) {
      throw badInput(`'${model.name}' is a generator without predictors; name a model that has some.`);
    }
    if (models.some(({ folder }) => folder === model.folder)) {
      throw badInput(`'${reference}' is named twice: name it once.`);
    }
    models.push(model);
  }
  for (const model of models) await verifyModel(model, request.signal);
  const predictors = await predictorInputs(models);
  const color = request.predictors.includes(builtInColor);
  const graph = composeImageScoring({ predictors, color, height, width });
  const { sessions, opened: session } = await openProven(request, async (candidate) => {
    // A model of predictors only has no image to be tested by: then its graph has to open, no more.
    for (const model of models) await selfTest(model, candidate);
    return candidate.open(graph.bytes, 'image scoring');
  });
  try {
    const columns = graph.columns.length;
    const scores = new Float32Array(n * columns);
    const size = height * width * 3;
    for (let first = 0; first < n; first += rowsPerRun) {
      if (request.signal?.aborted) throw interrupted();
      const rows = Math.min(rowsPerRun, n - first);
      const planes = toPlanes(data.subarray(first * size, (first + rows) * size), rows, height * width);
      const out = await session.run({ [graph.input.name]: { data: planes, dims: [rows, 3, height, width] } });
      scores.set(finishScores(graph, out.scores.data, rows), first * columns);
    }
    return { columns: graph.columns.map(columnName), scores };
  } finally {
    await sessions.close();
  }
}

const columnName = ({
  concept,
  level,
}: {
  concept: string;
  level: string;
}): ImageScores['columns'][number] => ({
  level,
  label: concept.slice(level.length + 1),
});

/** Bytes [n, pixels, 3] → floats [n, 3, pixels]. */
function toPlanes(bytes: Uint8Array, n: number, pixels: number): Float32Array {
  const planes = new Float32Array(n * 3 * pixels);
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < pixels; p++) {
      for (let c = 0; c < 3; c++) planes[(i * 3 + c) * pixels + p] = bytes[(i * pixels + p) * 3 + c];
    }
  }
  return planes;
}
