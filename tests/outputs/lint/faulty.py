"""A list with one fault of each kind."""

FAULTY = """\
# A list with faults

## Papers

- TSM: Temporal Shift Module for Efficient Video Understanding [[Paper]](https://arxiv.org/abs/1811.08383)
- VideoBERT: A Joint Model for Video and Language Representation Learning [[Paper]](https://arxiv.org/abs/1904.99999v2)
- Look, Listen and Learn [[Paper]](https://arxiv.org/pdf/1811.08383.pdf)
- Objects that Sound [[Paper]](https://arxiv.org/abs/1712.066)
- Learning to Seperate Object Sounds by Watching Unlabelled Video. *arXiv 2018* [[Paper]](https://arxiv.org/pdf/1804.01665.pdf)
- Long-Term Feature Banks for Detailed Video Understanding (*CVPR2019*) [[Paper]](https://arxiv.org/pdf/1812.05038.pdf)
- Long-Term Feature Banks for Detailed Video Understanding (*CVPR2019*) [[Paper]](https://arxiv.org/pdf/1812.05038.pdf)
- HowTo100M: Learning a Text-Video Embedding by Watching Hundred Million Narrated Video Clips, arXiv 2019 [[Paper]](https://arxiv.org/abs/1906.03327)

## Again

- AENet: Learning Deep Audio Features for Video Analysis [[Paper]](https://arxiv.org/pdf/1701.00599.pdf)

## And again

- AENet: Learning Deep Audio Features for Video Analysis [[Paper]](https://arxiv.org/pdf/1701.00599.pdf)
"""  # noqa: E501
