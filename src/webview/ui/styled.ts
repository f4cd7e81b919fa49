/**
 * Sets custom properties of an element through the CSSOM. Lit's own `styleMap` writes a `style` attribute on first render,
 * which the panels' content security policy forbids.
 */
import { noChange } from 'lit';
import { Directive, PartType, directive, type ElementPart, type PartInfo } from 'lit/directive.js';

type Properties = Record<string, string | number | null>;

class Styled extends Directive {
  private before: Properties = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('`styled` stands in the tag: <div ${styled({…})}>.');
  }

  override render(_properties: Properties): unknown {
    return noChange;
  }

  override update(part: ElementPart, [properties]: [Properties]): unknown {
    const { style } = part.element as HTMLElement;
    for (const name of Object.keys(this.before)) {
      if (!(name in properties)) style.removeProperty(name);
    }
    for (const [name, value] of Object.entries(properties)) {
      if (this.before[name] === value) continue;
      if (value === null) style.removeProperty(name);
      else style.setProperty(name, String(value));
    }
    this.before = properties;
    return noChange;
  }
}

export const styled = directive(Styled);
