"""Invented papers for lists of many layouts: titles, names and journals are made up."""

from __future__ import annotations

from dataclasses import dataclass

_TITLE_LINES = """Walking on Thin Ice: Gait Synthesis for Unstable Ground
A Gentle Reckoning with Sparse Harmonics
LampNet: Lighting Estimation without Lamps
Sorting, Stacking and Shelving: Robots in Small Kitchens
Why Do Sparrows Turn Left? Evidence from Street Cameras
Toward Honest Uncertainty in River Level Forecasts
On the Weight of Empty Rooms
Counting Olives from Satellite Swaths
Grammar Without Teachers: Induction from Lullabies
MossBERT: Pre-training for Bryophyte Descriptions (MBD)
Delayed, Denied, and Disputed: A Corpus of Insurance Letters
Learning to Fold Maps by Imitation of Hikers
The Curious Case of the Missing Negatives
Fast Approximate Tides with Learned Wavelets
Can a Turnip Be Segmented? A Study of Root Vegetables
GlassHopper: Jump Planning for Transparent Obstacles
Quiet Gradients in Loud Networks
Deep Listening for Beehive Health Monitoring
Rethinking Umbrella Sampling for Rain Removal
Cross-Lingual Proverb Retrieval with Shared Metaphors
Hierarchical Porridge Models for Texture Transfer
Attention Budgets under Tight Memory
From Sketches to Bridges: Structural Design with Diffusion
Wool2Vec: Embeddings of Knitting Patterns
Ten Ways of Losing a Pedestrian and One of Finding Her
A Survey of Kite-Based Sensing
Robust Chess Notation Recognition in the Wild
Semi-Supervised Detection of Leaky Roofs
Two Towers, One Bell: Contrastive Audio Alignment
Neural Almanacs for Seasonal Time Series
Memory, Manners, and Machines: Dialogue Agents at Dinner
Estimating Bread Crust from Thermal Video
TramFormer: A Transformer for Urban Rail Delays
Explaining Cat Decisions with Counterfactual Fish
Low-Rank Adaptation of Weather Radar Models
Simulated Sand: Granular Dynamics with Graph Networks
What Makes a Good Apology? Learning from Customer Letters
Privacy-Preserving Choir Recordings
Open-Vocabulary Search in Seed Catalogues
Benchmarking Compass Drift across Devices"""
_TITLES = _TITLE_LINES.splitlines()
_FIRST_NAMES = (
    "Ada Bruno Chioma Dmitri Elif Farid Greta Haruto Ines Jakob Kavya Lucía Marek Nadia Oskar "
    "Priya Quentin Rosa Sven Tomoko Umar Vera Wei Ximena Yusuf Zofia"
)
_LAST_NAMES = (
    "Abara Bellweather Castellanos Dvořák Ebersbach Fontaine Grünwald Hashimoto Ivanova "
    "Jorgensen Kowalczyk Lindqvist Moreau Nakagawa Okonkwo Petrov Quispe Rasmussen Sørensen "
    "Tanaka Ueda Vasquez Wexler Xiong Yamada Zieliński"
)
_VENUES = (
    ("ICML", 2019),
    ("NeurIPS", 2021),
    ("CVPR", 2020),
    ("ACL", 2022),
    ("MDM", 2018),
    ("ICLR", 2023),
    ("KITE", 2021),
    ("EMNLP", 2020),
)
_JOURNALS = (
    "Journal of Applied Botany",
    "Trans. on Field Robotics",
    "Annals of Quiet Computing",
    "IEEE Transactions on Kites",
    "Nature Machines",
)
_CJK = ["王小明", "李雪", "张伟强", "陈静", "刘洋", "赵敏", "黄磊", "周杰"]


@dataclass(frozen=True)
class Paper:
    """What one invented entry says."""

    n: int
    title: str
    names: tuple[str, ...]
    venue: str
    journal: str
    year: int

    @property
    def authors(self) -> str:
        return ", ".join(self.names)

    @property
    def short(self) -> str:
        return self.names[0].split()[-1] + " et al."

    @property
    def inverted(self) -> str:
        return ", ".join(f"{n.split()[-1]}, {n[0]}." for n in self.names)

    @property
    def name(self) -> str:
        return (
            self.title.split(":")[0] if ":" in self.title[:14] else self.title.split()[-1] + "Net"
        )

    @property
    def url(self) -> str:
        month = f"{self.year % 100:02}{1 + self.n % 12:02}"
        return f"https://arxiv.org/abs/{month}.{10000 + self.n}"

    @property
    def site(self) -> str:
        return f"https://papers.example.org/{self.n}"

    @property
    def code(self) -> str:
        return f"https://github.com/someone/repo{self.n}"

    @property
    def cjk(self) -> str:
        return "，".join(_CJK[(self.n + k) % 8] for k in range(2 + self.n % 3))


def papers(count: int = 24, start: int = 0) -> list[Paper]:
    """Some invented papers, always the same."""
    made = []
    first, last = _FIRST_NAMES.split(), _LAST_NAMES.split()
    for n in range(start, start + count):
        names = tuple(
            f"{first[(n * 7 + k * 5) % 26]} {last[(n * 11 + k * 3) % 26]}" for k in range(2 + n % 4)
        )
        venue, year = _VENUES[n * 5 % 8]
        made.append(Paper(n, _TITLES[n * 7 % 40], names, venue, _JOURNALS[n % 5], year + n % 2))
    return made
