import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useComputedColorScheme } from '@mantine/core';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { useEffect, useRef } from 'react';
import classes from './prometheus.module.css';

// The colours are the page's, so that they follow light and dark.
const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--mantine-color-violet-text)' },
    { tag: tags.function(tags.variableName), color: 'var(--mantine-color-blue-text)' },
    { tag: tags.string, color: 'light-dark(#056049, var(--mantine-color-teal-4))' },
    { tag: tags.number, color: 'light-dark(#9a3412, var(--mantine-color-orange-4))' },
    { tag: tags.labelName, color: 'light-dark(var(--mantine-color-cyan-9), var(--mantine-color-cyan-4))' },
    { tag: tags.comment, color: 'var(--mantine-color-dimmed)' },
    { tag: tags.invalid, color: 'var(--mantine-color-red-text)' },
  ]),
);

const promql = new PromQLExtension().setComplete({ remote: { url: '', httpMethod: 'GET' } });

interface Props {
  value: string;
  label: string;
  onRun: (expr: string) => void;
}

// Editor is a line of PromQL, with what the server has to complete it. Enter runs it.
export function Editor({ value, label, onRun }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const run = useRef(onRun);
  run.current = onRun;
  const dark = useComputedColorScheme('light') === 'dark';
  const scheme = useRef(new Compartment());

  useEffect(() => {
    const send = (v: EditorView) => {
      run.current(v.state.doc.toString().trim());
      return true;
    };
    const v = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          colours,
          promql.asExtension(),
          EditorView.lineWrapping,
          placeholder('Expression (Shift+Enter for a new line)'),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
          scheme.current.of(EditorView.darkTheme.of(dark)),
          Prec.highest(
            keymap.of([
              { key: 'Enter', run: (v) => completionStatus(v.state) !== 'active' && send(v), shift: (v) => (v.dispatch(v.state.replaceSelection('\n')), true) },
              { key: 'Tab', run: acceptCompletion },
              { key: 'Escape', run: (v) => completionStatus(v.state) === null && (v.contentDOM.blur(), true) },
            ]),
          ),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        ],
      }),
    });
    view.current = v;
    return () => v.destroy();
    // The text is the editor's own from here on.
    // eslint-disable-next-line
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: scheme.current.reconfigure(EditorView.darkTheme.of(dark)) });
  }, [dark]);

  useEffect(() => {
    const v = view.current;
    if (v && v.state.doc.toString().trim() !== value) v.dispatch({ changes: { from: 0, to: v.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={box} className={classes.editor} data-editor />;
}

// typed is what stands in an editor now, run or not.
export function typed(within: Element | null): string | undefined {
  const content = within?.querySelector<HTMLElement>('.cm-content');
  return content ? EditorView.findFromDOM(content)?.state.doc.toString().trim() : undefined;
}
