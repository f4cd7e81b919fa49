/** An image of the conversation on a canvas. Canvases need no image source in the content security policy. */
import { LitElement, css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { LabelMap, PanelImage } from '../../protocol/panels';
import { bytesOf } from './bytes';
import { overlaid } from './overlay';
import { shared } from './theme';

/** Decoded, as rows of RGBA. */
export async function toImageData({ format, width, height, data }: PanelImage): Promise<ImageData> {
  const bytes = bytesOf(data);
  if (format === 'rgb' || format === 'rgba') return rawImage(bytes, width, height, format === 'rgb' ? 3 : 4);
  const bitmap = await createImageBitmap(new Blob([bytes as BlobPart], { type: `image/${format}` }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

function rawImage(bytes: Uint8Array, width: number, height: number, channels: 3 | 4): ImageData {
  if (bytes.length !== width * height * channels) {
    throw new Error(`An image of ${width} × ${height} has ${bytes.length} bytes.`);
  }
  const image = new ImageData(width, height);
  if (channels === 4) image.data.set(bytes);
  else {
    for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
      image.data[to] = bytes[from];
      image.data[to + 1] = bytes[from + 1];
      image.data[to + 2] = bytes[from + 2];
      image.data[to + 3] = 255;
    }
  }
  return image;
}

/** |a − b| around black, made three times as strong so that small changes are seen. */
export function difference(a: ImageData, b: ImageData): ImageData {
  const out = new ImageData(a.width, a.height);
  if (b.width !== a.width || b.height !== a.height) return out;
  for (let i = 0; i < a.data.length; i++) {
    out.data[i] = i % 4 === 3 ? 255 : Math.min(255, 3 * Math.abs(a.data[i] - b.data[i]));
  }
  return out;
}

/** Pixels by mask: what is outside is dimmed. `mask` has one byte a pixel. */
export function masked(image: ImageData, mask: Uint8Array): ImageData {
  const out = new ImageData(new Uint8ClampedArray(image.data), image.width, image.height);
  mask.forEach((inside, pixel) => {
    if (inside) return;
    for (let c = 0; c < 3; c++) out.data[4 * pixel + c] = Math.round(0.25 * out.data[4 * pixel + c]);
  });
  return out;
}

@customElement('higan-image')
export class HiganImage extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        aspect-ratio: 1;
        background: var(--vscode-editorWidget-background);
        overflow: hidden;
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: contain;
        image-rendering: pixelated;
      }
    `,
  ];

  /** Either raw pixels or an image to decode; without one the canvas is empty. */
  @property({ attribute: false }) image: PanelImage | ImageData | null = null;
  /** The image's segmentation, laid over it; null: the image alone. */
  @property({ attribute: false }) segmentation: LabelMap | null = null;
  /** The one class of it that is shown; null: all. */
  @property({ attribute: false }) only: number | null = null;
  @property() label = '';
  @query('canvas') private canvas!: HTMLCanvasElement;

  override render(): TemplateResult {
    return html`<canvas role="img" aria-label=${this.label} width="1" height="1"></canvas>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('image') || changed.has('segmentation') || changed.has('only')) void this.paint();
  }

  private async paint(): Promise<void> {
    const { image } = this;
    // The element may have stood for something else before: its picture is not to stay under another name.
    if (!image) {
      this.canvas.width = this.canvas.height = 1;
      return;
    }
    const plain = image instanceof ImageData ? image : await toImageData(image);
    if (this.image !== image) return;
    const pixels = this.segmentation ? overlaid(plain, this.segmentation, this.only) : plain;
    this.canvas.width = pixels.width;
    this.canvas.height = pixels.height;
    this.canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  }
}
