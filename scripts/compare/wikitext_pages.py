"""Pages of an invented encyclopedia in the manner of real ones, and what a reader reads of each: wikitext_pages.py DUMP writes the dump.

Headings stand in the truth as lines that begin with #, formulas between dollars; templates that only decorate, references, files,
categories and the sections of references are not in it.
"""

import sys
from xml.sax.saxutils import escape

INFOBOX = """{{Infobox %s
| name = %s
| image = Example %s.jpg
| caption = A view of {{PAGENAME}}, taken from [[Hill Street]]
| coordinates = {{coord|37|33|N|126|59|E|display=inline,title}}
| population = {{formatnum:%d}}<ref name="census">{{cite web |url=https://example.org/c |title=Census |access-date=3 May 2020}}</ref>
}}
"""

PAGES = [
    (
        "Orrin River",
        INFOBOX % ("river", "Orrin River", "river", 0)
        + """{{Use British English|date=May 2019}}
[[File:Orrin bridge.jpg|thumb|upright=1.2|The old [[bridge]] at [[Aldmouth]], built in 1782]]
The '''Orrin River''' ({{lang-gd|Abhainn Orrain}}) is a [[river]] in the north of [[Strathen]].{{sfn|Hay|1901|p=12}} It rises on
[[Ben Tarsin]] at a height of {{convert|840|m|ft}}, runs for 57&nbsp;km and falls into the [[North Sea|sea]] at Aldmouth.<ref>Hay,
''Rivers of the North'', 1901, p. 12.</ref><ref name="census" />

== Course ==
{{Main|List of tributaries of the Orrin River}}
The upper valley is a [[glacier|glacial]] trough. Below Fallside the river crosses three steps of rock:
* the '''Grey Step''', 11&nbsp;m high;
* the ''Long Step'', 4&nbsp;m high, which salmon can pass;
* the Mill Step{{dash}}now a [[weir]].

=== Discharge ===
The mean discharge is <math>Q = A \\bar{v}</math>, where <math>A</math> is the cross section and <math>\\bar{v}</math> the mean velocity.
By [[Manning formula|Manning's formula]]
: <math display="block">\\bar{v} = \\frac{1}{n} R^{2/3} \\sqrt{S}</math>
it reaches 42&nbsp;m<sup>3</sup>/s in April.

{| class="wikitable sortable" style="text-align:right"
|+ Mean discharge
! Month !! m<sup>3</sup>/s
|-
| January || 31
|-
| April || 42
|}

== In literature ==
{{Quote|text=The river does not hurry; it has been here before.|author=A. Merrow}}
Merrow's novel was translated in 1931.<!-- by whom? -->

== See also ==
* [[List of rivers]]

== References ==
{{reflist}}
{{Rivers of Strathen}}
{{DEFAULTSORT:Orrin}}
[[Category:Rivers of Strathen]]
[[de:Orrin (Fluss)]]
""",
        """The Orrin River (Abhainn Orrain) is a river in the north of Strathen. It rises on Ben Tarsin at a height of 840 m, runs for 57 km and
falls into the sea at Aldmouth.
# Course
The upper valley is a glacial trough. Below Fallside the river crosses three steps of rock: the Grey Step, 11 m high; the Long Step, 4 m
high, which salmon can pass; the Mill Step – now a weir.
# Discharge
The mean discharge is $Q = A \\bar{v}$, where $A$ is the cross section and $\\bar{v}$ the mean velocity. By Manning's formula
$\\bar{v} = \\frac{1}{n} R^{2/3} \\sqrt{S}$ it reaches 42 m³/s in April.
Mean discharge Month m³/s January 31 April 42
# In literature
The river does not hurry; it has been here before. Merrow's novel was translated in 1931.""",
    ),
    (
        "Tarsin's inequality",
        """{{Short description|Bound on sums of ordered sequences}}
In [[mathematical analysis|analysis]], '''Tarsin's inequality''' bounds the sum of products of two [[sequence]]s by the sum taken in order. It is
named after {{ill|Ada Tarsin|de}}, who proved it in 1911.<ref name=tarsin>{{cite journal|last=Tarsin|first=A.|title=Über Summen|year=1911}}</ref>

== Statement ==
Let <math>a_1 \\le a_2 \\le \\dots \\le a_n</math> and <math>b_1 \\le \\dots \\le b_n</math> be real. For every [[permutation]] <math>\\sigma</math>
: <math>\\sum_{i=1}^{n} a_i b_{\\sigma(i)} \\le \\sum_{i=1}^{n} a_i b_i.</math>
Equality holds if and only if ''a'' or ''b'' is constant{{spaced ndash}}see {{section link||Proof}}.

== Proof ==
Suppose <math>i < j</math> and <math>\\sigma(i) > \\sigma(j)</math>. Exchanging the two adds
<math display=block>(a_j - a_i)(b_{\\sigma(i)} - b_{\\sigma(j)}) \\ge 0.</math>
After finitely many exchanges <math>\\sigma</math> is the identity.&nbsp;{{math|∎}}

=== A short one ===
<syntaxhighlight lang="python">
def bound(a, b):
    return sum(x * y for x, y in zip(sorted(a), sorted(b)))
</syntaxhighlight>
computes the bound in time {{math|''O''(''n'' log ''n'')}}.

== Uses ==
# [[Chebyshev's sum inequality]]
# scheduling{{citation needed|date=June 2018}}
# the estimate <math>\\|x\\|_2^2 \\le \\|x\\|_1 \\|x\\|_\\infty</math>

== Notes ==
<references />
{{Mathematical analysis}}
[[Category:Inequalities]]
""",
        """In analysis, Tarsin's inequality bounds the sum of products of two sequences by the sum taken in order. It is named after Ada Tarsin, who
proved it in 1911.
# Statement
Let $a_1 \\le a_2 \\le \\dots \\le a_n$ and $b_1 \\le \\dots \\le b_n$ be real. For every permutation $\\sigma$
$\\sum_{i=1}^{n} a_i b_{\\sigma(i)} \\le \\sum_{i=1}^{n} a_i b_i.$ Equality holds if and only if a or b is constant – see.
# Proof
Suppose $i < j$ and $\\sigma(i) > \\sigma(j)$. Exchanging the two adds $(a_j - a_i)(b_{\\sigma(i)} - b_{\\sigma(j)}) \\ge 0.$
After finitely many exchanges $\\sigma$ is the identity. ∎
# A short one
def bound(a, b): return sum(x * y for x, y in zip(sorted(a), sorted(b)))
computes the bound in time O(n log n).
# Uses
Chebyshev's sum inequality scheduling the estimate $\\|x\\|_2^2 \\le \\|x\\|_1 \\|x\\|_\\infty$""",
    ),
    (
        "Aldmouth",
        INFOBOX % ("settlement", "Aldmouth", "harbour", 18400)
        + """'''Aldmouth''' ({{IPAc-en|ˈ|ɔː|l|d|m|ə|θ}}) is a port of {{formatnum:18400}} people at the mouth of the [[Orrin River]].

__TOC__
== History ==
{{See also|Siege of Aldmouth}}
A charter of 1214 calls it ''Aldemuth''.<ref>{{cite book |last=Hay |title=Charters |page=3}}</ref> In [[1782]] a stone bridge replaced the ferry,
{{As of|2011|lc=y|df=}} still in use.
{{Gallery
|File:Quay.jpg|The quay
|File:Hall.jpg|The town hall
}}
<gallery mode="packed">
File:Boats.jpg|Boats in winter
File:Light.jpg|The light
</gallery>

== Economy ==
; Fishing
: about 60 boats, most of them for [[herring]]
; Tourism
: growing since the railway was reopened in 1998

== Climate ==
{| class="wikitable"
! Season
! Mean (°C)
|-
| Winter
| 3.1
|-
| Summer
| 14.6
|}
The chemistry of the harbour's water (1.9&nbsp;% of [[sodium chloride|NaCl]], little CO<sub>2</sub>) is studied by the [http://example.org/lab marine laboratory].

== External links ==
* [http://example.org Official site]
{{Authority control}}
[[Category:Ports]]
""",
        """Aldmouth is a port of 18400 people at the mouth of the Orrin River.
# History
A charter of 1214 calls it Aldemuth. In 1782 a stone bridge replaced the ferry, still in use.
# Economy
Fishing about 60 boats, most of them for herring Tourism growing since the railway was reopened in 1998
# Climate
Season Mean (°C) Winter 3.1 Summer 14.6
The chemistry of the harbour's water (1.9 % of NaCl, little CO₂) is studied by the marine laboratory.""",
    ),
    (
        "오린강",
        """{{강 정보
| 이름 = 오린강
| 길이 = 57 km
| 그림 = 오린강.jpg
}}
[[파일:오린 다리.jpg|섬네일|250px|1782년에 놓인 [[올드머스]]의 다리]]
'''오린강'''({{llang|gd|Abhainn Orrain}})은 [[스트라센]] 북부를 흐르는 [[강]]이다.<ref name="헤이">{{서적 인용|저자=헤이|제목=북부의 강|연도=1901}}</ref> 높이 840m의
[[벤타신산]]에서 발원하여 57km를 흘러 [[북해|바다]]로 들어간다.

== 유로 ==
{{본문|오린강의 지류}}
상류의 골짜기는 [[빙하]]가 깎은 것이다. 폴사이드 아래에서 세 개의 턱을 지난다.
* '''잿빛 턱''': 높이 11m
* ''긴 턱'': 높이 4m. 연어가 오를 수 있다.

=== 유량 ===
평균 유량은 단면적 <math>A</math>와 평균 유속 <math>\\bar v</math>의 곱 <math>Q = A \\bar v</math>이며, 4월에 초당 42m<sup>3</sup>에 이른다.{{출처|날짜=2019-05-01}}
:<math>\\bar v = \\frac{1}{n} R^{2/3} \\sqrt{S}</math>

{| class="wikitable"
|-
! 달 !! 유량
|-
| 1월 || 31
|-
| 4월 || 42
|}

== 문학 ==
{{인용문|강은 서두르지 않는다. 전에도 여기 있었으니까.}}
이 소설은 1931년에 번역되었다.<!-- 누가? -->

== 같이 보기 ==
* [[강 목록]]

== 각주 ==
{{각주}}
{{전거 통제}}
[[분류:스트라센의 강]]
""",
        """오린강(Abhainn Orrain)은 스트라센 북부를 흐르는 강이다. 높이 840m의 벤타신산에서 발원하여 57km를 흘러 바다로 들어간다.
# 유로
상류의 골짜기는 빙하가 깎은 것이다. 폴사이드 아래에서 세 개의 턱을 지난다. 잿빛 턱: 높이 11m 긴 턱: 높이 4m. 연어가 오를 수 있다.
# 유량
평균 유량은 단면적 $A$와 평균 유속 $\\bar v$의 곱 $Q = A \\bar v$이며, 4월에 초당 42m³에 이른다. $\\bar v = \\frac{1}{n} R^{2/3} \\sqrt{S}$
달 유량 1월 31 4월 42
# 문학
강은 서두르지 않는다. 전에도 여기 있었으니까. 이 소설은 1931년에 번역되었다.""",
    ),
    (
        "타신 부등식",
        """[[해석학 (수학)|해석학]]에서 '''타신 부등식'''({{llang|de|Tarsinsche Ungleichung}})은 두 [[수열]]의 곱의 합에 대한 부등식이다.

== 정의 ==
실수 <math>a_1 \\le \\dots \\le a_n</math>과 <math>b_1 \\le \\dots \\le b_n</math> 및 임의의 [[순열]] <math>\\sigma</math>에 대하여 다음이 성립한다.
:<math>\\sum_{i=1}^n a_i b_{\\sigma(i)} \\le \\sum_{i=1}^n a_i b_i</math>

== 증명 ==
<math>i<j</math>이고 <math>\\sigma(i)>\\sigma(j)</math>라 하자. 둘을 바꾸면 합은
:<math>(a_j-a_i)(b_{\\sigma(i)}-b_{\\sigma(j)}) \\ge 0</math>
만큼 커진다.<ref>{{저널 인용|제목=합에 대하여|연도=1911}}</ref>

== 역사 ==
아다 타신({{ill|아다 타신|de|Ada Tarsin}})이 [[1911년]]에 증명하였다. 같은 해 {{일본어|高木|다카기}}도 발표하였다.

== 참고 문헌 ==
* {{서적 인용|제목=부등식|연도=1934}}

== 외부 링크 ==
* {{매스월드|id=TarsinInequality}}
[[분류:부등식]]
""",
        """해석학에서 타신 부등식(Tarsinsche Ungleichung)은 두 수열의 곱의 합에 대한 부등식이다.
# 정의
실수 $a_1 \\le \\dots \\le a_n$과 $b_1 \\le \\dots \\le b_n$ 및 임의의 순열 $\\sigma$에 대하여 다음이 성립한다.
$\\sum_{i=1}^n a_i b_{\\sigma(i)} \\le \\sum_{i=1}^n a_i b_i$
# 증명
$i<j$이고 $\\sigma(i)>\\sigma(j)$라 하자. 둘을 바꾸면 합은 $(a_j-a_i)(b_{\\sigma(i)}-b_{\\sigma(j)}) \\ge 0$ 만큼 커진다.
# 역사
아다 타신(아다 타신)이 1911년에 증명하였다. 같은 해 高木도 발표하였다.""",
    ),
    (
        "올드머스",
        """'''올드머스'''는 [[오린강]] 어귀에 있는 인구 18,400명의 항구 도시이다.

== 역사 ==
1214년의 문서에 ''올드무스''라는 이름으로 처음 나온다.<ref>{{서적 인용|저자=헤이|제목=문서집|쪽=3}}</ref> [[1782년]]에 돌다리가 나룻배를 대신하였다.
<gallery>
파일:부두.jpg|부두
파일:시청.jpg|시청
</gallery>

== 경제 ==
; 어업
: 배 60여 척이 있으며 대부분 [[청어]]를 잡는다.
; 관광
: 1998년에 철도가 다시 열린 뒤로 늘고 있다.

=== 특산물 ===
# 훈제 청어
# 소금 (NaCl)
## 굵은 소금
## 가는 소금
항구의 바닷물은 [http://example.org/lab 해양연구소]가 조사한다(CO<sub>2</sub> 농도는 낮다).

== 외부 링크 ==
* [http://example.org 공식 홈페이지]
[[분류:항구 도시]]
""",
        """올드머스는 오린강 어귀에 있는 인구 18,400명의 항구 도시이다.
# 역사
1214년의 문서에 올드무스라는 이름으로 처음 나온다. 1782년에 돌다리가 나룻배를 대신하였다.
# 경제
어업 배 60여 척이 있으며 대부분 청어를 잡는다. 관광 1998년에 철도가 다시 열린 뒤로 늘고 있다.
# 특산물
훈제 청어 소금 (NaCl) 굵은 소금 가는 소금
항구의 바닷물은 해양연구소가 조사한다(CO₂ 농도는 낮다).""",
    ),
]


def dump():
    yield '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">\n'
    yield """  <siteinfo>
    <sitename>Made</sitename>
    <base>https://example.org/wiki/Main_Page</base>
    <namespaces>
      <namespace key="0" case="first-letter" />
      <namespace key="10" case="first-letter">Template</namespace>
    </namespaces>
  </siteinfo>
"""
    for number, (title, text, _) in enumerate(PAGES, 1):
        yield f"""  <page>
    <title>{escape(title)}</title>
    <ns>0</ns>
    <id>{number}</id>
    <revision>
      <id>{number}</id>
      <timestamp>2020-05-03T00:00:00Z</timestamp>
      <model>wikitext</model>
      <format>text/x-wiki</format>
      <text xml:space="preserve">{escape(text)}</text>
    </revision>
  </page>
"""
    yield "</mediawiki>\n"


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.writelines(dump())
