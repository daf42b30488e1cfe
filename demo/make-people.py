#!/usr/bin/env python3
"""Writes people.jsonl beside this script: 300 made-up colleagues, 240 of them active, one JSON object per line.

Nothing in it is real: each id begins with "demo:", each patent number and organisation with "DEMO-".
Running it again gives the same bytes. Python 3 standard library only.
"""
import json
import pathlib
import random
import unicodedata

PEOPLE, ACTIVE = 300, 240

# One paragraph for each field of work. `things` take "a" or "an"; `means` are plural or mass nouns without an article;
# `aims` start with an -ing form; `steps` and `gains` are whole clauses. All combinations make sense.
FIELDS = """
field: battery chemistry
codes: H01M Batteries and fuel cells; C01G Compounds of other metals; H02J Supply and storage of electric power
orgs: Nordlys Cell Works; Amperia Energy Storage; Institute for Slow Electrons
things: lithium-ion pouch cell; solid-state battery cell; sodium-ion cathode; silicon-graphite anode; separator membrane; battery formation line
aims: suppressing lithium dendrite growth; extending cycle life at low temperature; raising nickel content in layered oxide cathodes; limiting gas evolution during formation; recovering cobalt and lithium from spent cathodes; fast charging without lithium plating
means: sulfide solid electrolytes; fluorinated electrolyte additives; atomic-layer-deposited alumina coatings; single-crystal cathode particles; lithium-reservoir interlayers; Prussian white frameworks
steps: a solid electrolyte interphase rich in lithium fluoride forms during the first charge; the slurry is cast on a copper current collector and calendered; the stack is held under a pressure of 2 to 5 MPa; the electrode is prelithiated from a sacrificial foil; the cathode active material is washed and annealed in oxygen; the charging current is tapered according to the measured overpotential
gains: coulombic efficiency exceeds 99.9 percent; capacity retention after 1,000 cycles is above 85 percent; interfacial impedance is markedly reduced; thermal runaway is delayed

field: machine vision
codes: G06T Image data processing or generation; G06V Image or video recognition; H04N Pictorial communication
orgs: Ocelli Imaging; Parallax & Daughters; Klarsicht Inspection Systems
things: surface inspection system; stereo camera rig; image segmentation network; depth sensor; visual odometry unit; object tracker
aims: detecting scratches on reflective surfaces; estimating the pose of occluded objects; calibrating cameras in the field; segmenting touching parts on a conveyor; tracking objects across many cameras; reading worn printed codes
means: convolutional neural networks; structured-light projection; event-based image sensors; contrastive pretraining on unlabelled images; photometric stereo; epipolar constraints
steps: feature points are matched between successive frames; a disparity map is refined at object boundaries; synthetic defects are rendered to augment the training set; an attention mask weights the pixels; the bounding boxes are merged by non-maximum suppression; lens distortion is estimated from a single checkerboard image
gains: false rejects fall by half; inspection keeps pace with a line speed of 3 m/s; no manual annotation is needed; detection remains stable under changing illumination

field: antibody engineering
codes: C07K Peptides; A61K Preparations for medical purposes; C12N Micro-organisms, enzymes and genetic engineering
orgs: Paratope Biologics; Saint Brendan Institute of Immunology; Veldhoven Antibody Foundry
things: bispecific antibody; humanised monoclonal antibody; antibody-drug conjugate; single-domain antibody; phage display library; chimeric antigen receptor
aims: extending the serum half-life of Fab fragments; reducing immunogenicity of therapeutic antibodies; redirecting T cells to tumour antigens; affinity maturation against conserved viral epitopes; conjugating cytotoxic payloads at defined sites; preventing mispairing of light chains
means: engineered Fc domains; cleavable peptide linkers; yeast surface display; knobs-into-holes heterodimers; structure-guided mutation of complementarity-determining regions; glycan remodelling
steps: variants are panned against the biotinylated antigen; framework residues are back-mutated to preserve binding; the heavy and light chains are expressed in CHO cells; binding kinetics are measured by surface plasmon resonance; clones are ranked by melting temperature; the conjugate is purified by hydrophobic interaction chromatography
gains: the dissociation constant is below 100 pM; aggregation at high concentration is avoided; cytotoxicity is confined to antigen-positive cells; a subcutaneous dose becomes feasible

field: water treatment
codes: C02F Treatment of water and sewage; B01D Separation; E03F Sewers
orgs: Clearbrook Membranes; Delta Sludge Cooperative; Agua Mansa Water Laboratory
things: reverse osmosis plant; membrane bioreactor; electrocoagulation cell; activated sludge basin; capacitive deionisation stack; stormwater filter
aims: removing perfluoroalkyl substances from drinking water; recovering phosphorus as struvite; preventing biofouling of membranes; nitrifying ammonium at low temperature; desalinating brackish groundwater; degrading pharmaceutical residues in effluent
means: granular activated carbon; thin-film composite membranes; ozone microbubbles; anammox granules; boron-doped diamond electrodes; intermittent aeration
steps: the feed is dosed with ferric chloride and flocculated; the permeate flux is restored by a short backwash; dissolved oxygen is controlled from an ammonium probe; the concentrate is recirculated through a crystalliser; the sludge retention time is held above twenty days; spent sorbent is regenerated on site with hot caustic
gains: energy use falls below 2 kWh per cubic metre; effluent nitrogen stays under the discharge limit; cleaning intervals are tripled; no brine has to be trucked away

field: wind turbine control
codes: F03D Wind motors; G05B Control and monitoring systems; H02P Control of electric motors and generators
orgs: Gudrun Windkraft; Lee Shore Turbines; Tramontana Rotor Institute
things: pitch controller; wind turbine rotor blade; floating offshore wind turbine; yaw drive; wind farm supervisor; nacelle-mounted lidar
aims: damping tower oscillation above rated wind speed; steering wakes in a wind farm; detecting ice on rotor blades; reducing fatigue loads at the blade root; providing synthetic inertia to the grid; correcting yaw misalignment
means: individual pitch control; lidar preview measurements; model predictive control; fibre Bragg strain sensors; trailing-edge flaps; Kalman estimates of the rotor-effective wind speed
steps: blade root bending moments are transformed to non-rotating coordinates; the torque set point is limited near the tower's natural frequency; neighbouring turbines exchange their wake deflection; a gust is recognised before it reaches the rotor; the pitch rate is scheduled on the measured wind shear; the generator is derated while the blades shed ice
gains: damage-equivalent loads fall by 15 percent; annual energy production rises; noise limits are met at night; the gearbox sees fewer torque reversals

field: compilers
codes: G06F Electric digital data processing; G06N Computing based on specific models; H03M Coding and decoding
orgs: Basic Block Software; Phi Node Laboratories; Société du Point Fixe
things: just-in-time compiler; register allocator; static analyser; garbage collector; loop vectoriser; link-time optimiser
aims: allocating registers across loop boundaries; removing redundant bounds checks; inlining virtual calls speculatively; scheduling instructions for in-order pipelines; finding data races before execution; compacting the heap while the program runs
means: static single assignment form; profile-guided optimisation; polyhedral loop models; escape analysis; equality saturation; deoptimisation points
steps: live ranges are split at cold call sites; the interference graph is coloured after coalescing copies; a guard falls back to the interpreter when a class is loaded; iteration domains are tiled for the cache; write barriers record references between regions; abstract values are widened at loop headers
gains: code size shrinks without loss of speed; pause times stay under one millisecond; compilation is linear in the number of basic blocks; spills in hot loops disappear

field: optics
codes: G02B Optical elements and systems; H01S Lasers; G01J Measurement of light
orgs: Fresnel Street Photonics; Iris & Aperture; Brechung Optics Institute
things: diffractive waveguide; tunable laser; adaptive mirror; silicon photonic modulator; hyperspectral imager; freeform lens
aims: coupling light into a silicon waveguide; correcting chromatic aberration; narrowing the linewidth of a laser; widening the eyebox of a near-eye display; combining beams coherently; suppressing stray light
means: metasurfaces of titanium dioxide nanopillars; microring resonators; volume holographic gratings; Shack-Hartmann wavefront sensing; liquid-crystal phase modulators; chirped dielectric coatings
steps: the phase profile is discretised into subwavelength pillars; a heater shifts the resonance of the ring; the wavefront error is decomposed into Zernike modes; pump light is recycled in a bow-tie cavity; polarisation is split at an inverse taper; the grating period is apodised along the output coupler
gains: insertion loss is under 1 dB; diffraction-limited imaging extends over the full field; side modes are suppressed by 60 dB; the assembly needs no active alignment

field: seismology
codes: G01V Geophysics; G01H Measurement of vibrations; E21B Earth drilling
orgs: Moho Geophysics; Tremor Listening Society; Observatorio Falla Azul
things: seismometer; distributed acoustic sensing array; earthquake early-warning station; ocean-bottom node; seismic velocity model; borehole geophone string
aims: locating microseismic events; picking P-wave and S-wave arrivals; warning of strong shaking; imaging the crust from ambient noise; attenuating surface-related multiples; monitoring stored carbon dioxide
means: full-waveform inversion; dark telecommunication fibre; cross-correlation of ambient noise; moment tensor inversion; double-difference relocation; deep phase-picking networks
steps: the strain rate is integrated along the fibre; traces are stacked after normal-moveout correction; the misfit is minimised with an adjoint wavefield; magnitude is estimated from the first three seconds; the instrument response is deconvolved; reverse-time migration is repeated with the updated velocities
gains: the detection threshold drops by one magnitude unit; warning times grow by several seconds; fault planes are resolved to within 50 m; cycle skipping is avoided

field: logistics optimisation
codes: G06Q Data processing for business; G05D Control of vehicles; B65G Transport and storage devices
orgs: Last Mile Mathematics; Quayside Scheduling; Kaleidoscope Freight Research
things: route planner; warehouse control system; container stowage planner; order-picking robot fleet; inventory model; delivery scheduler
aims: routing vehicles with time windows; balancing stock across warehouses; sequencing container moves at a terminal; forecasting demand for slow-moving parts; consolidating partial truckloads; avoiding deadlock among mobile robots
means: adaptive large neighbourhood search; column generation; stochastic demand scenarios; rolling-horizon planning; mixed-integer programming; graph neural networks
steps: infeasible routes are repaired by regret insertion; dual prices steer the choice of new columns; driver rest periods are checked on each arc; slots are reassigned when a truck reports a delay; safety stock is set from the forecast error; conflicting paths are re-planned in order of priority
gains: empty mileage falls by a tenth; a plan for 5,000 stops is ready within a minute; berth waiting time shrinks; service levels hold with less stock

field: food science
codes: A23L Foods; A23J Protein compositions; A23C Dairy products
orgs: Maillard Kitchen Research; Oat & Ember; Umami no Mori Foods
things: plant-based meat analogue; oat beverage; fermented soy product; encapsulated flavour; extruded snack; low-sugar chocolate
aims: masking the beany off-flavour of pea protein; texturising vegetable protein; reducing sodium without loss of saltiness; stabilising oil-in-water emulsions; prolonging the crispness of snacks; lowering acrylamide in baked goods
means: high-moisture extrusion; transglutaminase crosslinking; Aspergillus oryzae cultures; hydrocolloid gels; pulsed electric fields; spray-dried yeast extract
steps: the dough is cooled in a slit die to align the fibres; beta-glucan is hydrolysed until the target viscosity is reached; volatile aldehydes are stripped under vacuum; asparaginase is added before baking; the emulsion is homogenised at 300 bar; the beans are inoculated and held at 30 degrees for two days
gains: bite and juiciness come close to those of meat; shelf life at room temperature reaches nine months; sugar is cut by 40 percent; panellists detect no bitterness

field: textile recycling
codes: B29B Preparation of plastics; D01F Man-made filaments; D06M Treatment of fibres
orgs: Second Thread; Lumpen & Loden Recycling; Fibra Nova Cooperative
things: garment sorting line; fibre-to-fibre recycling plant; cellulose regeneration bath; shredding drum; depolymerisation reactor; blended yarn
aims: separating cotton from polyester; sorting garments by fibre content; stripping dyes from denim; recovering elastane from knitwear; spinning yarn from recycled short fibres; removing buttons and zips before shredding
means: near-infrared spectroscopy; ionic liquids; alkaline glycolysis; enzymatic hydrolysis of cellulose; switchable solvents; gentle mechanical opening
steps: polyethylene terephthalate is depolymerised to its monomers; dissolved cellulose is wet-spun into filaments; multilayer garments are recognised from both sides; the solvent is recovered by distillation; reactive dyes are reduced with dithionite; fibre length is measured before carding
gains: recovered fibres reach the tenacity of virgin viscose; contamination stays under 2 percent; water use drops by two thirds; worn garments become garments again

field: railway signalling
codes: B61L Guiding railway traffic; H04W Wireless networks; G08G Traffic control
orgs: Semaphore Lane Signalling; Balise & Fils; Ostrava Axle, Points & Counter
things: interlocking; axle counter; train protection system; level crossing controller; balise reader; moving-block radio block centre
aims: proving that a track section is clear; locating trains without trackside equipment; protecting track workers; setting routes through a junction; supervising train integrity; detecting a failed point machine
means: virtual coupling of trains; formally verified interlocking rules; satellite positioning with track maps; two-out-of-three voting; acoustic sensing along the track; frequency-coded track circuits
steps: movement authorities are extended as the train ahead moves on; the braking curve is computed from the worst-case adhesion; route locking is released section by section; wheel pulses are counted in both directions; the motor current of the point machine is compared with its signature; odometer drift is corrected at each balise
gains: headways shrink to 90 seconds; a single fault never shows a false clear aspect; trackside cabinets become unnecessary; degraded operation remains possible

field: speech processing
codes: G10L Speech analysis and recognition; H04R Loudspeakers and microphones; H04M Telephony
orgs: Formant Speech; Glottal Stop Laboratory; Susurro "Sotto Voce" Systems
things: speech recogniser; hearing aid; voice activity detector; text-to-speech synthesiser; microphone array; speaker verification system
aims: separating overlapping speakers; cancelling echo in hands-free calls; recognising speech in low-resource languages; detecting replayed or synthetic voices; cloning prosody across speakers; spotting keywords at very low power
means: neural beamforming; self-supervised acoustic representations; mel-frequency cepstral coefficients; connectionist temporal classification; neural vocoders; transducer models
steps: a mask is estimated for each speaker in the time-frequency plane; pitch contours are predicted from the text; reverberation is removed by weighted prediction error filtering; speaker embeddings are clustered along the conversation; phoneme posteriors are aligned with the transcript; the wake word is confirmed by a second, larger model
gains: word error rate falls by a third; latency stays under 20 ms; listeners prefer the result to the unprocessed signal; the equal error rate is halved

field: crop genetics
codes: A01H New plants; C12N Micro-organisms, enzymes and genetic engineering; C12Q Measuring processes with enzymes
orgs: Einkorn Breeding Station; Teff Genomics; Instituto Semilla Clara
things: drought-tolerant maize plant; hybrid wheat line; rust-resistant cultivar; guide RNA; marker panel; haploid inducer line
aims: conferring resistance to stem rust; raising yield under drought; shortening the breeding cycle of barley; fixing hybrid vigour in rice; lowering the gluten content of wheat; flowering independently of day length
means: genomic selection; base editing; quantitative trait loci; doubled haploids; stacked resistance genes; CRISPR-associated nucleases
steps: single-nucleotide polymorphisms are imputed from low-coverage sequencing; introgressed segments are followed through backcrosses; the promoter is edited to change its expression in the root; embryos are rescued on culture medium; male sterility is restored by a nuclear gene; phenotypes are recorded by drone over replicated plots
gains: grain yield under water deficit rises by 12 percent; resistance holds over several seasons; linkage drag is avoided; a new variety is ready three years sooner

field: cryptography
codes: H04L Transmission of digital information; G09C Ciphering apparatus; G06F Electric digital data processing
orgs: Nonce & Salt; Lattice House Security; Kerckhoffs Garden
things: hardware security module; key exchange; digital signature scheme; secure enclave; zero-knowledge prover; random number generator
aims: resisting attacks by quantum computers; computing on encrypted records; hiding access patterns to memory; rotating keys without re-encrypting data; proving the age of a person without revealing it; detecting fault injection
means: module lattices; fully homomorphic encryption; threshold secret sharing; succinct non-interactive arguments; physically unclonable functions; constant-time arithmetic
steps: polynomials are multiplied in the number-theoretic transform domain; each share is refreshed at a fixed interval; the nonce is derived from the message; masked intermediate values are recombined at the end; noise in the ciphertext is reduced by bootstrapping; an attestation report binds the key to the firmware
gains: side-channel leakage is not measurable; signatures stay under two kilobytes; no party ever holds the whole key; verification takes a few milliseconds

field: additive manufacturing
codes: B22F Working metallic powder; B33Y Additive manufacturing; B29C Shaping of plastics
orgs: Meltpool Manufacturing; Lattice & Strut; Schichtwerk Fertigung
things: laser powder bed fusion machine; directed energy deposition head; binder jetting printer; conformally cooled mould insert; recoater blade; support structure
aims: detecting porosity while printing; reducing residual stress in titanium parts; printing overhangs without supports; controlling the melt pool; sintering copper parts to full density; recycling used metal powder
means: coaxial pyrometry; beam shaping; gas-atomised aluminium alloys; triply periodic minimal surfaces; in-situ layer imaging; scan-path optimisation
steps: the scan vectors are rotated by 67 degrees between layers; laser power is reduced at sharp turns; spatter is carried away by an inert gas stream; the green part is debound before sintering; layer images are compared with the sliced model; the build plate is heated to 500 degrees
gains: relative density is above 99.8 percent; distortion stays within 0.1 mm; scrap is found hours before the build ends; fatigue strength approaches that of forged material

field: hydrogen electrolysis
codes: C25B Electrolytic processes; B01J Catalysis; C01B Non-metallic elements
orgs: Verdigris Hydrogen; Kaltwasser Electrolysis; Haber Meadow Catalysts
things: proton exchange membrane electrolyser; alkaline electrolysis stack; solid oxide cell; bipolar plate; ammonia synthesis catalyst; porous transport layer
aims: lowering the iridium loading of anodes; operating an electrolyser on fluctuating wind power; splitting seawater without chlorine evolution; synthesising ammonia at low pressure; preventing gas crossover; removing bubbles from electrodes
means: nickel-iron layered double hydroxides; anion exchange membranes; ruthenium nanoclusters; titanium felts; zero-gap electrodes; pulsed current
steps: the catalyst ink is decal-transferred to the membrane; water is fed at the cathode side only; the stack is held at a protective potential when idle; oxygen vacancies are created by reductive annealing; lye flow is matched to the current density; heat of reaction preheats the feed
gains: cell voltage is below 1.8 V at 2 A per square centimetre; degradation is under 5 microvolts an hour; precious metal use falls tenfold; the stack follows its load within seconds

field: medical imaging
codes: A61B Diagnosis and surgery; G01R Magnetic measurement; G16H Healthcare informatics
orgs: Larmor Imaging; Sankt Ansgar Radiology Trust; Bright Marrow Diagnostics
things: magnetic resonance scanner; ultrasound probe; photon-counting tomograph; radiotherapy planning system; contrast agent injector; endoscope
aims: reconstructing images from undersampled k-space; measuring liver stiffness; correcting for respiratory motion; screening mammograms for microcalcifications; lowering the radiation dose to children; mapping blood flow in the heart
means: compressed sensing; shear-wave elastography; navigator echoes; parallel receive coils; spectral detectors; diffusion-weighted sequences
steps: k-space is sampled along golden-angle spokes; echoes are beamformed with adaptive apodisation; lesions are outlined and passed to a radiologist; dose is modulated with the patient's diameter; field inhomogeneity is shimmed slice by slice; the vessel wall is tracked through the cardiac cycle
gains: scan time drops from 40 to 8 minutes; breath holds become unnecessary; small lesions are seen earlier; dose falls by 60 percent at equal image quality

field: bridge monitoring
codes: G01M Testing of structures; E01D Bridges; G01N Investigating materials
orgs: Long Span Observations; Brückenwacht Structures; Catenary Civil Engineering
things: suspension bridge; stay cable damper; wireless strain gauge; concrete girder; scour monitor; weigh-in-motion system
aims: finding broken wires in prestressing tendons; identifying modal frequencies under traffic; estimating the remaining life of steel decks; measuring scour at bridge piers; detecting corrosion of rebar; damping wind-induced cable vibration
means: acoustic emission sensors; operational modal analysis; half-cell potential mapping; interferometric radar; digital twins; tuned mass dampers
steps: temperature effects are removed by regression; stress ranges are counted by the rainflow method; a finite element model is updated from measured mode shapes; passing axles are weighed by the bending of the deck; the sensor sleeps until a threshold acceleration wakes it; crack growth is followed with guided ultrasonic waves
gains: inspections are needed half as often; a loss of stiffness of 3 percent is visible; batteries last ten years; closures can be planned ahead

field: robotic grasping
codes: B25J Manipulators; G05B Control and monitoring systems; G06N Computing based on specific models
orgs: Opposable Robotics; Soft Hand Society; Greifswerk Automation
things: robot gripper; tactile fingertip; collaborative robot arm; bin-picking cell; fruit-harvesting robot; surgical manipulator
aims: grasping unknown objects from clutter; handing tools over to a human; harvesting ripe strawberries without bruising; detecting slip before an object falls; inserting pegs with tight tolerance; teaching a task by demonstration
means: pneumatic soft actuators; reinforcement learning in simulation; impedance control; capacitive tactile skins; electroadhesion; grasp quality networks
steps: grasp candidates are ranked by their wrench space; contact forces are limited by the joint torques; the policy is fine-tuned on few real trials; suction is switched off as the fingers close; the hand is calibrated against a known cube; human motion is predicted from the shoulder pose
gains: picking succeeds in 97 of 100 attempts; no safety fence is required; a new product is taught in ten minutes; fragile goods arrive intact
"""

# Countries; given names; family names. "Latin/native": a third of these people have their name in the native script.
NAMES = """
GB US CA AU: Oliver Grace Harriet Callum Imogen Desmond Beatrix Theodore: Whitfield Ashdown Lockwood-Reed Pemberton Hargreave Sinclair
IE GB: Aoife Ciarán Niamh Séamus Róisín Declan: O'Brien O'Driscoll MacGowan Fitz-Byrne Byrne
FR BE CH: Élodie Jean-Luc Anaïs François Hélène Marie-Claire: D'Aubigny Lefèvre Saint-Clair L'Hermite Béranger
DE AT: Jürgen Käthe Björn Anneliese Götz Friederike: Weiß von_Hohenau Kühn Grünwald Schröder
ES MX AR: Íñigo Begoña José_María Lucía Martín Ximena: García-López Núñez de_la_Peña Ibáñez Muñoz
PT BR: João Conceição Inês Tomé Luísa: Gonçalves Araújo da_Silva Magalhães
SE NO DK IS: Åsa Søren Þórdís Øyvind Märta: Lindqvist Sørensen Þormar Nygård Bäckström
PL CZ: Łukasz Bożena Šárka Zbigniew Jiří: Zając Wójcik Żurek Kowalczyk
TR: Çağla İbrahim Gülşen Emre: Yıldız Öztürk Karadağ
IN: Ananya Raghav Meenakshi Farhan Ishita: Iyer Chattopadhyay Deshpande Qureshi
VN: Thị_Hương Minh_Quân Quốc_Bảo Thu_Hà: Nguyễn Trần Đặng Bùi Hoàng
NG GH: Chidinma Kwabena Adébáyọ̀ Efua Ngozi: Okonkwo Mensah-Boateng Adéyẹmí Owusu
CN SG: Wei/伟 Na/娜 Xiaoming/晓明 Jing/静 Haoran/浩然: Zhang/张 Li/李 Chen/陈 Ouyang/欧阳
JP: Misaki/美咲 Kenji/健二 Haruka/遥 Daichi/大地: Tanaka/田中 Kobayashi/小林 Shimizu/清水
KR: Seo-yeon/서연 Min-jun/민준 Ji-woo/지우: Kim/김 Park/박 Namgung/남궁
EG MA: Layla/ليلى Omar/عمر Yasmin/ياسمين Karim/كريم: Haddad/حداد al-Masri/المصري Benali/بنعلي
GR: Eleni/Ελένη Despina/Δέσποινα Ioanna/Ιωάννα: Papadaki/Παπαδάκη Vlachou/Βλάχου
UA: Olena/Олена Taras/Тарас Halyna/Галина: Kovalenko/Коваленко Shevchuk/Шевчук
IL: Noa/נועה Amit/עמית Tamar/תמר: Ben-David/בן-דוד Levi/לוי
"""
FAMILY_NAME_FIRST = {"CN", "JP", "KR"}  # In native script, without a space.

CITIES = """
GB: Bristol, Leeds, Cambridge, Inverness; US: Boston MA, Boulder CO, Ann Arbor MI, Tucson AZ, Portland OR
CA: Halifax NS, Waterloo ON; AU: Hobart TAS, Geelong VIC; IE: Galway, Cork; FR: Grenoble, Nantes, L'Haÿ-les-Roses
BE: Leuven, Liège; CH: Zürich, Lausanne; DE: Würzburg, Chemnitz, Kiel; AT: Graz, Linz; ES: Zaragoza, A Coruña
MX: Querétaro; AR: Córdoba; PT: Coimbra, Aveiro; BR: Florianópolis SC, Campinas SP; SE: Linköping, Luleå; NO: Trondheim
DK: Aarhus; IS: Reykjavík; PL: Łódź, Gdańsk; CZ: Brno; TR: İzmir, Ankara; IN: Pune, Chennai; VN: Đà Nẵng, Hanoi
NG: Ibadan; GH: Kumasi; CN: Suzhou, Chengdu; SG: Singapore; JP: Sendai, Kobe; KR: Daejeon; EG: Alexandria; MA: Rabat
GR: Patras; UA: Lviv, Kharkiv; IL: Haifa
"""

# With {thing}, {aim}, {means} of one patent, which its abstract also has.
TITLES = ["{Thing} with {means}", "{Thing} for {aim}", "Method for {aim} using {means}", "Systems and methods for {aim} with {means}",
          "{Aim} by means of {means}", "{Thing} and method for {aim}", "{Thing} with {means} for {aim}"]
ABSTRACTS = ["{A_thing} for {aim} is disclosed. {Step}, and {step2}. {Gain}.",
             "The invention relates to {a_thing} with {means}. {Step}. As a result, {gain}.",
             "A method for {aim} includes the following: {step}; and {step2}. The method relies on {means}.",
             "{A_thing} makes use of {means}, so that {gain}. In one embodiment, {step}.",
             "Disclosed are systems and methods for {aim} using {means}. {Step}.",
             "In {a_thing}, {step}. This is of use in {aim}: {gain}."]

# Difficult values for CSV files and URLs, by the person's index in the file (from 0). A person's field is index modulo 20.
TITLE_ODDITIES = {
    25: "=2n-bit carry chains in a just-in-time compiler", 40: "-40 °C cold start of a lithium-ion pouch cell",
    64: "+48 V auxiliary supply for a pitch controller", 31: "@-prefixed addressing of axle counters",
    51: 'Level crossing display with the aspects "wait", "go" and "call"', 70: "Garment sorting line,\nand a drum therefor",
    86: "\tIndented title of a hyperspectral imager", 109: "Oat beverage; with \"quoted, and comma'd\" parts, twice",
    127: "=HYPERLINK(\"x\")-safe labels for seismic traces", 123: "-1.5"}
ABSTRACT_ODDITIES = {
    3: "First line: a membrane is washed.\nSecond line: it is dried, \"gently\", and weighed.",
    46: "=A+B coupling of \"beam A\", beam B\r\nand a third beam is disclosed.", 71: "", 98: "  Spaces before and after.  "}
ID_ODDITIES = {
    5: "{name} {place:03}", 20: "{slug}/{place:03}", 33: "{slug}-ü-{place:03}", 58: "50%-{slug}-{place:03}",
    77: "%2F-{slug}-{place:03}", 102: "{slug}+{place:03}", 141: "{slug}?{place:03}", 160: "{slug}#{place:03}",
    188: "{slug}&place={place:03};", 215: "{slug}-号-{place:03}", 240: "../{slug}-{place:03}"}
SAME_NAME = {61: 60, 62: 60, 150: 20, 201: 200}  # Homonyms: the first index has the name of the second.
NOTHING_KNOWN = 170  # Active, with only empty sections.
ODD_ONES = {*TITLE_ODDITIES, *ABSTRACT_ODDITIES, *ID_ODDITIES, NOTHING_KNOWN}  # All active, so that a run includes them.
LONE_LETTERS = str.maketrans("łŁøØßþÞıđĐ", "lLoOstTidD")

rng = random.Random("colleague search demo")


def below(n):
    # Only random() gives the same sequence in every Python version; choice() and the like may not.
    return int(rng.random() * n)


def pick(items):
    return items[below(len(items))]


def some(items, count):
    left = list(items)
    return [left.pop(below(len(left))) for _ in range(min(count, len(left)))]


def chance(share):
    return rng.random() < share


def capital(text):
    return text[0].upper() + text[1:]


def read_fields():
    fields = []
    for paragraph in FIELDS.strip().split("\n\n"):
        entries = (line.split(": ", 1) for line in paragraph.splitlines())
        fields.append({key: [item.strip() for item in value.split(";")] for key, value in entries})
    return fields


def read_names():
    for line in NAMES.strip().splitlines():
        countries, given, family = (part.split() for part in line.split(":"))
        yield countries, [n.replace("_", " ") for n in given], [n.replace("_", " ") for n in family]


def read_cities():
    cities = {}
    for entry in CITIES.replace("\n", ";").split(";"):
        country, _, names = entry.strip().partition(": ")
        if names:
            cities[country] = [split_state(name.strip()) for name in names.split(",")]
    return cities


def split_state(name):
    city, _, state = name.rpartition(" ")
    return (city, state) if state.isupper() else (name, None)


def make_name(countries, given, family):
    """The displayed name, and the same in plain Latin letters for the id."""
    given, _, native_given = pick(given).partition("/")
    family, _, native_family = pick(family).partition("/")
    shown = f"{given} {family}"
    if countries[0] == "VN":
        shown = f"{family} {given}"
    elif native_given and chance(1 / 3):
        shown = native_family + native_given if countries[0] in FAMILY_NAME_FIRST else f"{native_given} {native_family}"
    latin = unicodedata.normalize("NFKD", f"{given} {family}".translate(LONE_LETTERS).replace("'", ""))
    slug = "".join(c for c in latin.lower() if c.isalnum() or c in " -").replace(" ", "-")
    return shown, slug


def make_patent(field, focus, numbers, year, taken):
    title = None
    while title is None or title in taken:
        thing, aim, means = (pick(focus[key]) for key in ("things", "aims", "means"))
        step, step2 = some(field["steps"], 2)
        words = {"thing": thing, "a_thing": ("an " if thing[0] in "aeiou" else "a ") + thing, "aim": aim,
                 "means": means, "step": step, "step2": step2, "gain": pick(field["gains"])}
        words.update({capital(key): capital(value) for key, value in words.items()})
        title = pick(TITLES).format(**words)
    taken.add(title)
    patent = {"number": f"DEMO-{next(numbers)}", "title": title,
              "date": f"{year}-{1 + below(12):02}-{1 + below(28):02}"}
    if not chance(0.04):
        patent["abstract"] = pick(ABSTRACTS).format(**words)
    return patent


def split_years(first, last, count):
    """Splits first..last into at most `count` consecutive spans, latest first."""
    starts = sorted({first, *(first + below(last - first + 1) for _ in range(count - 1))})
    ends = starts[1:] + [last]
    return list(zip(starts, ends))[::-1]


def make_patents(place, field, other, first, last, numbers, taken):
    """Patents, newest first, mostly on a few topics of the home field; and the number of patents in each class."""
    focus = {key: some(field[key], 3) for key in ("things", "aims", "means")}
    other_focus = {key: some(other[key], 2) for key in ("things", "aims", "means")}
    patents, codes = [], {}
    for _ in range(0 if place % 53 == 50 else 1 + below(5) + below(5)):
        at_home = not chance(0.15)
        area, corner = (field, focus) if at_home else (other, other_focus)
        patents.append(make_patent(area, corner, numbers, first + below(last - first + 1), taken))
        for code in area["codes"][:1] + some(area["codes"][1:], below(2)):
            codes[code] = codes.get(code, 0) + 1
    patents.sort(key=lambda patent: (patent["date"], patent["number"]), reverse=True)
    if place in TITLE_ODDITIES:
        patents[0]["title"] = TITLE_ODDITIES[place]
        patents[0].pop("abstract", None)
    if place in ABSTRACT_ODDITIES:
        patents[0]["abstract"] = ABSTRACT_ODDITIES[place]
    return patents, codes


def make_memberships(place, active, orgs, patents, first, last):
    spans = [] if place % 41 == 40 else split_years(first, last, 1 + below(3))
    memberships = []
    for latest, (since, until), org in zip([True, False, False], spans, some(orgs, len(spans))):
        years = range(since, until + 1 if latest else until)
        membership = {"organization": f"DEMO-{org}", "since": f"{since}", "until": f"{until}",
                      "patents": sum(int(patent["date"][:4]) in years for patent in patents)}
        if active and latest and chance(0.2):
            del membership["until"]
        memberships.append(membership)
    return memberships


def make_geography(countries, cities, first, last):
    geography = []
    for since, until in [] if chance(0.08) else split_years(first, last, 1 + below(3)):
        country = pick(countries) if chance(0.75) else pick(sorted(cities))
        city, state = pick(cities[country])
        stay = {"city": city, "state": state, "country": country, "since": f"{since}", "until": f"{until}"}
        geography.append({key: value for key, value in stay.items() if value})
    return geography


def make_person(place, field, other, name, slug, countries, cities, active, numbers, taken):
    first, last = (2008 + below(11), 2019 + below(7)) if active else (1998 + below(8), 2008 + below(9))
    patents, codes = make_patents(place, field, other, first, last, numbers, taken)
    person_id = ID_ODDITIES.get(place, "{slug}-example-{place:03}").format(name=name, slug=slug, place=place)
    person = {
        "id": f"demo:{person_id}", "name": name, "active": active, "patents": patents,
        "memberships": make_memberships(place, active, field["orgs"] + other["orgs"][:1], patents, first, last),
        "geography": make_geography(countries, cities, first, last),
        "functions": [{"code": code[:4], "title": code[5:], "patents": count}
                      for code, count in sorted(codes.items(), key=lambda item: (-item[1], item[0]))]}
    if place == NOTHING_KNOWN:
        person.update({"patents": [], "memberships": [], "geography": [], "functions": []})
    return person


def main():
    fields, locales, cities = read_fields(), list(read_names()), read_cities()
    inactive = some([place for place in range(PEOPLE) if place not in ODD_ONES], PEOPLE - ACTIVE)
    numbers, taken_titles, slugs = iter(range(1_000_001, 2_000_000)), set(), set()
    people = []
    for place in range(PEOPLE):
        field = fields[place % len(fields)]
        other = pick([f for f in fields if f is not field])
        slug = None
        while slug is None or slug in slugs:
            locale = pick(locales)
            name, slug = make_name(*locale)
        slugs.add(slug)
        if place in SAME_NAME:
            name = people[SAME_NAME[place]]["name"]
        people.append(make_person(place, field, other, name, slug, locale[0], cities, place not in inactive, numbers,
                                  taken_titles))
    lines = "".join(json.dumps(person, ensure_ascii=False) + "\n" for person in people)
    pathlib.Path(__file__).with_name("people.jsonl").write_bytes(lines.encode("utf-8"))


if __name__ == "__main__":
    main()
