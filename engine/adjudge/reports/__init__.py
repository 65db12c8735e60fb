"""Reports of a grading in the inspectors' own form, as HTML, Word or Markdown: one document, three renderers."""
